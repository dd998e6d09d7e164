with

costs as (

    select * from {{ ref('stg_company__costs') }}

),

conformed as (

    select
        month,
        kind,
        nullif(channel, '') as channel,
        amount as amount_source,
        currency,
        source_name
    from costs
    where month <= {{ as_of_date() }}

)

select * from conformed

with

targets as (

    select * from {{ ref('stg_company__targets') }}

),

conformed as (

    select
        month,
        metric,
        target,
        source_name
    from targets

)

select * from conformed

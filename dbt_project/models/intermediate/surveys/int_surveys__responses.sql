{# One line per survey tool. #}
with

unioned as (

    select * from {{ ref('int_surveys__qualtrics') }}
    union all by name
    select * from {{ ref('stg_mapped__surveys') }}

),

conformed as (

    select
        response_id,
        responded_at,
        {{ local_date('responded_at') }} as response_date,
        survey_kind,
        cast(score as double) as score,
        email_hash,
        customer_id,
        order_id,
        nullif(trim(comment), '') as comment,
        language,
        source_name
    from unioned
    where {{ before_as_of('responded_at') }}

)

select * from conformed

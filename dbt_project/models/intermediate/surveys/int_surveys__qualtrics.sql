with

responses as (

    select * from {{ ref('stg_qualtrics__responses') }}

),

conformed as (

    select
        response_id,
        recorded_at as responded_at,
        'nps' as survey_kind,
        nps_score as score,
        email_hash,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        comment,
        language,
        source_name
    from responses

)

select * from conformed

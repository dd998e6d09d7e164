with

scores as (

    select * from {{ source('workspace', 'customer_scores') }}

),

final as (

    select
        person_id,
        cast(scored_on as date) as scored_on,
        cast(churn_probability as double) as churn_probability,
        churn_band,
        churn_reason_1,
        churn_reason_2,
        churn_reason_3,
        {{ money('ltv_expected') }} as ltv_expected,
        {{ money('ltv_low') }} as ltv_low,
        {{ money('ltv_high') }} as ltv_high,
        model_version,
        cast(scored_on as date) = max(cast(scored_on as date)) over () as is_current
    from scores
    where cast(scored_on as date) <= {{ as_of_date() }}

)

select * from final

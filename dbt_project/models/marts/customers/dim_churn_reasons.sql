with

reasons as (

    select * from {{ ref('churn_reasons') }}

),

final as (

    select
        reason,
        label_en,
        label_zh
    from reasons

)

select * from final

{# Conservation (X2, T2): per model, credit sums to 1 and money to the value, for every order and deal won. #}
{{ config(meta={'dagster': {'ref': {'name': 'fct_attribution'}}}) }}
with

credits as (

    select
        conversion_kind,
        conversion_id,
        attribution_model,
        sum(attributed_conversions) as conversions,
        sum(attributed_revenue) as value
    from {{ ref('fct_attribution') }}
    group by conversion_kind, conversion_id, attribution_model

),

{# How many models gave the conversion away whole; all eight have to. #}
given as (

    select
        conversions.conversion_kind,
        conversions.conversion_id,
        sum(
            case when credits.conversions = 1 and credits.value = coalesce(conversions.value, 0) then 1 else 0 end
        ) as models
    from {{ ref('int_attribution__conversions') }} as conversions
    left join credits
        on conversions.conversion_kind = credits.conversion_kind
        and conversions.conversion_id = credits.conversion_id
    group by conversions.conversion_kind, conversions.conversion_id

)

select * from given where models is distinct from 8

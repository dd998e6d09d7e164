with

weights as (

    select * from {{ source('workspace', 'attribution_weights') }}

),

final as (

    select
        conversion_kind,
        attribution_model,
        channel,
        removal_effect,
        credit_share,
        share_low,
        share_high,
        conversions,
        journeys
    from weights

)

select * from final

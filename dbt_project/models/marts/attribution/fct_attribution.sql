{%- set effects -%}
(
    select conversion_kind, channel, removal_effect
    from {{ source('workspace', 'attribution_weights') }}
    where attribution_model = 'markov'
)
{%- endset -%}
with

credits as (

    {{ attribution_credits(ref('int_attribution__conversions'), ref('fct_touches'), effects, var('attribution')) }}

),

final as (

    select
        {{ surrogate_key(['conversion_kind', 'conversion_id', 'attribution_model', 'touch_index']) }} as attribution_id,
        conversion_id,
        conversion_kind,
        person_id,
        conversion_date,
        touch_date,
        touch_index,
        attribution_model,
        channel,
        channel_class,
        campaign,
        source,
        medium,
        cast(credit * 0.000001 as decimal(38, 6)) as attributed_conversions,
        cast(cents * 0.01 + rest as decimal(38, 6)) as attributed_revenue,
        maturity
    from credits

)

select * from final

{%- set effects -%}
(
    select conversion_kind, channel, removal_effect
    from {{ source('workspace', 'attribution_weights') }}
    where attribution_model = 'markov'
)
{%- endset -%}
{# Removal effects are learned anew on each run, so all that they weigh is one slice; other credit is its person's alone. #}
{%- set conversions, touches = ref('int_attribution__conversions'), ref('fct_touches') -%}
{{ config(materialized='slices', key="case when attribution_model = 'markov' then 'markov' else person_id end") }}
{% call reach() %}
    select 'markov'
    union all
    select person_id from {{ changes('int_attribution__conversions') }}
    union all
    select person_id from {{ changes('fct_touches') }}
{% endcall %}
with

credits as (

    {% if is_slice() -%}
    select * from ({{ attribution_credits(
        sliced(conversions, 'person_id'), sliced(touches, 'person_id'), effects, var('attribution'),
        ['first', 'last', 'last_non_direct', 'linear', 'position', 'decay', 'shapley']
    ) }}) as of_persons
    union all by name
    select * from ({{ attribution_credits(conversions, touches, effects, var('attribution'), ['markov']) }}) as learned
    {%- else -%}
    {{ attribution_credits(
        sliced(conversions, 'person_id'), sliced(touches, 'person_id'), effects, var('attribution')
    ) }}
    {%- endif %}

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

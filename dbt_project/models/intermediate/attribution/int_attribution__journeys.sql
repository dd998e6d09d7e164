{%- set rules = dict(var('attribution'), conversion_cycles=true) -%}
{%- set conversions, sessions = ref('int_attribution__conversions'), ref('fct_sessions') -%}
{# A kind of conversion that comes up or ends gives each person a journey of its own or takes it. #}
{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_attribution__conversions') }}
    union all
    select person_id from {{ changes('fct_sessions') }}
    union all
    select person_id from {{ sessions }}
    where exists (
        select conversion_kind from {{ conversions }} except select conversion_kind from {{ this }}
    )
    union all
    select person_id from {{ this }} where conversion_kind not in (select conversion_kind from {{ conversions }})
{% endcall %}
with

trails as (

    {{ attribution_trails(sliced(conversions, 'person_id'), sliced(sessions, 'person_id'), conversions) }}

),

trail_touches as (

    {{ attribution_touches('trails', sliced(sessions, 'person_id'), rules) }}

),

journeys as (

    {{ attribution_journeys(sliced(ref('fct_touches'), 'person_id'), 'trail_touches') }}

)

select * from journeys

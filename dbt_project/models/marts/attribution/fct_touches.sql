{%- set conversions = sliced(ref('int_attribution__conversions'), 'person_id') -%}
{%- set sessions = sliced(ref('fct_sessions'), 'person_id') -%}
{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_attribution__conversions') }}
    union all
    select person_id from {{ changes('fct_sessions') }}
{% endcall %}
with

touches as (

    {{ attribution_touches(conversions, sessions, var('attribution')) }}

)

select
    conversion_id,
    conversion_kind,
    person_id,
    conversion_at,
    conversion_date,
    session_id,
    touch_at,
    touch_date,
    touch_index,
    touches,
    channel,
    channel_class,
    campaign,
    source,
    medium,
    maturity
from touches

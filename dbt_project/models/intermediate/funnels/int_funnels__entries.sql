{# The company's named funnels, asked by the same macro as an analyst's (S5, S6): a way for each person and day of entry. #}
{{ config(materialized='slices', key='person_id') }}
{% call reach() %}select person_id from {{ changes('fct_events') }}{% endcall %}
with

entries as (

    select
        cast(null as varchar) as funnel_name, cast(null as varchar) as person_id, cast(null as date) as entry_date,
        cast(null as integer) as step_index, cast(null as timestamp) as entered_at, cast(null as timestamp) as reached_at
    where false
    {%- for funnel in var('funnels') %}
    {%- set question = dict(funnel, **{
        'events': sliced(ref('fct_events'), 'person_id'), 'unit': 'person_id', 'key': 'person_id', 'starts': 'any', 'entry': 'event_date',
        'from': none, 'until': none, 'known_until': none,
    }) %}
    union all
    select {{ sql_text(funnel.name) }}, unit, entry, step_index, entered_at, reached_at
    from (with {{ funnel_reached(question) }} select * from reached)
    {%- endfor %}

)

select * from entries

{# How far each start of a funnel came (S5, S6). From a start, the earliest next event of each step leads as far as any
   choice of events could; every start is followed, so a later one counts where the first led nowhere. #}
{%- set most_steps = 20 -%}
with

{# A step that repeats the one before needs a second event; different events may share an instant. #}
steps as (

    select
        *,
        coalesce(event_name = lag(event_name) over (partition by funnel_name order by step_index), false) as is_repeat
    from {{ source('workspace', 'funnels') }}

),

person_events as (

    select distinct person_id, event_name, event_at
    from {{ ref('fct_events') }}
    where event_name in (select event_name from steps)

),

step_events as (

    select
        steps.funnel_name,
        steps.step_index,
        person_events.person_id,
        person_events.event_at,
        person_events.event_at + steps.window_days * interval '1 day' as closes_at,
        person_events.event_at - cast(steps.is_repeat as integer) * interval '1 microsecond' as not_before
    from steps
    inner join person_events on steps.event_name = person_events.event_name

),

reached_1 as (

    select funnel_name, person_id, event_at as entered_at, closes_at, event_at as reached_at
    from step_events
    where step_index = 1

),

{% for step in range(2, most_steps + 1) %}
reached_{{ step }} as (

    select before.funnel_name, before.person_id, before.entered_at, before.closes_at, step_events.event_at as reached_at
    from reached_{{ step - 1 }} as before
    asof join (select * from step_events where step_index = {{ step }}) as step_events
        on before.funnel_name = step_events.funnel_name
        and before.person_id = step_events.person_id
        and before.reached_at <= step_events.not_before
    where step_events.event_at <= before.closes_at

),

{% endfor %}
reached as (

    {% for step in range(1, most_steps + 1) %}
    select funnel_name, person_id, entered_at, {{ step }} as step_index from reached_{{ step }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

entries as (

    select funnel_name, person_id, {{ local_date('entered_at') }} as entry_date, max(step_index) as steps_reached
    from reached
    group by all

)

select * from entries

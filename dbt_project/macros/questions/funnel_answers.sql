{# What is said of a funnel's ways (S6 to S8, S10): counts and times by step, histogram, periods, breakdown, who. #}

{% macro funnel_seconds(since) -%}
    date_diff('microsecond', {{ since }}, reached_at) / 1000000
{%- endmacro %}

{# One row per step reached: units, quartiles of the time from the entry and from the step before; and on each row how
   many units only entered too late to tell (S6). #}
{% macro funnel_steps(q) -%}
    with {{ funnel_reached(q) }},
    waiting as (
        select count(*) as maturing
        from (select {{ funnel_keys(q) }} from starts except select {{ funnel_keys(q) }} from eligible)
    ),
    counted as (
        select
            step_index,
            count(*) as units,
            quantile_cont({{ funnel_seconds('entered_at') }}, [0.25, 0.5, 0.75]) as from_entry,
            quantile_cont({{ funnel_seconds('previous_at') }}, [0.25, 0.5, 0.75]) as from_previous
        from reached
        group by step_index
    )
    select counted.*, waiting.maturing
    from waiting
    left join counted on true
    order by step_index
{%- endmacro %}

{# One row per step after the first and class of the time from the entry: `at_least` is the class's lower edge. #}
{% macro funnel_histogram(q, edges) -%}
    with {{ funnel_reached(q) }}
    select
        step_index,
        case {% for edge in edges | reverse %}when {{ funnel_seconds('entered_at') }} >= {{ edge }} then {{ edge }} {% endfor %}end as at_least,
        count(*) as units
    from reached
    where step_index > 1
    group by step_index, at_least
    order by step_index, at_least
{%- endmacro %}

{# One row per period of the entry (`period` makes it of `q.entry`) and step: units, and how many of the period are
   still to come in. #}
{% macro funnel_periods(q, period) -%}
    with {{ funnel_reached(q) }},
    waiting as (
        select {{ period }} as period, count(*) as maturing
        from (select {{ funnel_keys(q) }} from starts except select {{ funnel_keys(q) }} from eligible)
        group by period
    ),
    counted as (
        select {{ period }} as period, step_index, count(*) as units from reached group by period, step_index
    )
    select
        coalesce(counted.period, waiting.period) as period, counted.step_index, counted.units,
        coalesce(waiting.maturing, 0) as maturing
    from counted
    full join waiting on counted.period = waiting.period
    order by period, step_index
{%- endmacro %}

{# CTEs up to `named`: the value that a property gives to each way: of the first step that has one (first), of the last
   (last), of a step by its number, or the one that all steps reached share (all), else kind several. An event's value
   is that of the step's first event at the instant the step was first reached, by event_id. #}
{% macro funnel_named(q, property, touch) -%}
    {{ funnel_reached(q) }},
    valued as (
        select
            {{ funnel_keys(q, 'reached') }}, reached.step_index,
            arg_min({'text': cast(events.{{ property }} as varchar)}, events.event_id) as found
        from reached
        inner join (
            select *, {{ q.key }} as unit_key from {{ q.events }} where {{ funnel_in_reach(q) }}
        ) as events
            on reached.unit = events.unit_key and reached.reached_at = events.event_at
        where {% if q.order == 'any' -%}
            ({% for step in q.steps %}{{ event_matches(step) }}{{ ' or ' if not loop.last }}{% endfor %})
            {%- else -%}
            case reached.step_index {% for step in q.steps %}when {{ loop.index }} then {{ event_matches(step) }} {% endfor %}end
            {%- endif %}
        group by {{ funnel_keys(q, 'reached') }}, reached.step_index
    ),
    named as (
        select
            {{ funnel_keys(q) }},
            {%- if touch == 'first' %}
            arg_min(found.text, step_index) filter (where found.text is not null) as value, false as is_several
            {%- elif touch == 'last' %}
            arg_max(found.text, step_index) filter (where found.text is not null) as value, false as is_several
            {%- elif touch == 'all' %}
            case when count(distinct found) = 1 then max(found.text) end as value, count(distinct found) > 1 as is_several
            {%- else %}
            max(found.text) filter (where step_index = {{ touch }}) as value, false as is_several
            {%- endif %}
        from valued
        group by {{ funnel_keys(q) }}
    ),
    grouped as (
        select *, case when is_several then 'several' when value is null then 'nothing' else 'value' end as kind
        from named
    )
{%- endmacro %}

{# One row per group and step; groups are the `top` commonest values, other, nothing and several: their sum is the whole. #}
{% macro funnel_breakdown(q, property, touch, top) -%}
    with {{ funnel_named(q, property, touch) }},
    ranked as (
        select value, row_number() over (order by count(*) desc, value) as place
        from grouped
        where kind = 'value'
        group by value
    ),
    placed as (
        select
            {{ funnel_keys(q, 'grouped') }},
            case when ranked.place > {{ top }} then 'other' else grouped.kind end as kind,
            case when ranked.place <= {{ top }} then grouped.value end as value
        from grouped
        left join ranked on grouped.kind = 'value' and grouped.value = ranked.value
    )
    select placed.kind, placed.value, reached.step_index, count(*) as units
    from reached
    inner join placed on {{ funnel_same_way(q, 'reached', 'placed') }}
    group by placed.kind, placed.value, reached.step_index
    order by placed.kind, placed.value, reached.step_index
{%- endmacro %}

{# The units behind a bar (S10): who reached a step, or who reached `before` and not it; of one group where asked. #}
{% macro funnel_units(q, step, before=none, property=none, touch=none, kind=none, value=none) -%}
    with {% if property %}{{ funnel_named(q, property, touch) }}{% else %}{{ funnel_reached(q) }}{% endif %}
    select {{ funnel_keys(q, 'reached') }}, reached.entered_at, reached.reached_at
    from reached
    {%- if property %}
    inner join grouped on {{ funnel_same_way(q, 'reached', 'grouped') }} and grouped.kind = {{ sql_text(kind) }}
        {%- if kind == 'value' %} and grouped.value = {{ sql_text(value) }}{% endif %}
    {%- endif %}
    {%- if before %}
    left join reached as further on {{ funnel_same_way(q, 'reached', 'further') }} and further.step_index = {{ step }}
    {%- endif %}
    where reached.step_index = {{ before or step }}{{ ' and further.step_index is null' if before }}
{%- endmacro %}

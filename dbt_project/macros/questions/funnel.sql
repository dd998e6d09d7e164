{# Funnels as one question with parameters (S5 to S7). `q` says what is asked:
     events        a relation with event_name, event_at (UTC), the unit and the properties that filters name
     unit, key     whose events make one way: a column, and the same as the engine joins it (a number is fastest)
     order         ordered, strict (nothing between) or any; is_shared: one event could serve two steps, or order is strict
     window_seconds, steps (event, filters, within_seconds, optional, follows), exclusions; any_order, where it is that
     starts        any (all starts in the range lead on), first (in the range) or first_ever
     entry         none, or an expression over the start: a way of its own for each value (a day, an event's id)
     from, until   instants that bound the start, the second excluded, or none
     known_until   the instant up to which events are known: starts with an open window wait (S6); none follows all
   From each event of a step the latest start that leads to it is carried on, so later starts count and one row per
   event is enough: of all choices of events that end here, the one with the latest start has also the latest event at
   every other step, and each rule (windows, exclusions) is easier to keep from later on. Nothing here is of dbt. #}

{# CTEs up to `reached`: one row per way (unit, and entry where asked) and step reached, with the first instant at which
   it was reached, and of the tightest way to it the instants of the entry and of the step before. #}
{% macro funnel_reached(q) -%}
    {%- if q.order == 'any' -%}
        {{ funnel_any_order(q) }}
    {%- else -%}
        {{ funnel_layers(q) }},
    reached as (
        {%- for step in q.steps %}
        select
            {{ funnel_keys(q) }},
            {{ loop.index }} as step_index,
            min(moment) as reached_at,
            arg_min(entered_at, moment) as entered_at,
            arg_min(previous_at, moment) as previous_at
        from {{ 'best' if q.is_shared else 'layer' }}_{{ loop.index }}
        group by {{ funnel_keys(q) }}
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    )
    {%- endif -%}
{%- endmacro %}

{# How many units reached each step, and nothing else: the shortest statement. #}
{% macro funnel_counts(q) -%}
    with {{ funnel_reached(q) if q.order == 'any' else funnel_layers(q) }}
    {% for step in q.steps %}
    select {{ loop.index }} as step_index, count(distinct unit) as units
    {%- if q.order == 'any' %} from reached where step_index = {{ loop.index }}
    {%- else %} from layer_{{ loop.index }}{% endif %}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
    order by step_index
{%- endmacro %}

{% macro funnel_keys(q, of=none) -%}
    {{ of ~ '.' if of }}unit{% if q.entry %}, {{ of ~ '.' if of }}entry{% endif %}
{%- endmacro %}

{% macro funnel_same_way(q, one, two) -%}
    {{ one }}.unit = {{ two }}.unit{% if q.entry %} and {{ one }}.entry = {{ two }}.entry{% endif %}
{%- endmacro %}

{% macro funnel_span(seconds) -%}
    interval '{{ seconds }} seconds'
{%- endmacro %}

{# The events that could matter at all: of somebody, from the range on (the first ever needs what was before), and no
   later than the last start's window. #}
{% macro funnel_in_reach(q) -%}
    {{ q.unit }} is not null
    {%- if q.from and q.starts != 'first_ever' %} and event_at >= {{ q.from }}{% endif %}
    {%- if q.until %} and event_at <= {{ q.until }} + {{ funnel_span(q.window_seconds) }}{% endif %}
{%- endmacro %}

{# CTEs asked (events of the steps), starts, eligible (starts whose window is over) and steps of each way. #}
{% macro funnel_starts(q) -%}
    {%- set is_start = '(mask & ' ~ q.any_order.starts ~ ') > 0' if q.order == 'any' else 'mask % 2 = 1' if q.is_shared else 'step_index = 1' -%}
    asked as (
        select
            {{ q.key }} as unit,
            event_at as moment,
            {%- if q.entry %} {{ q.entry }} as entry_of,{% endif %}
            {%- if q.is_shared %}
            {% for step in q.steps %}case when {{ event_matches(step) }} then {{ 2 ** loop.index0 }} else 0 end
            {{- ' + ' if not loop.last }}{% endfor %} as mask
            {%- elif q.order == 'any' %}
            {{ funnel_kinds(q) }} as mask
            {%- else %}
            case {% for step in q.steps %}when {{ event_matches(step) }} then {{ loop.index }} {% endfor %}else 0 end
                as step_index
            {%- endif %}
        from {{ q.events }}
        where {{ funnel_in_reach(q) }}
        {%- if q.order != 'strict' %} and {{ event_is_of_interest(q.steps) }}{% endif %}
    ),
    starts as (
        {%- if q.starts == 'any' %}
        select unit, moment{{ ', entry_of as entry' if q.entry }} from asked where {{ is_start }}
        {%- if q.from %} and moment >= {{ q.from }}{% endif %}{% if q.until %} and moment < {{ q.until }}{% endif %}
        {%- else %}
        select unit, min(moment) as moment{{ ', arg_min(entry_of, moment) as entry' if q.entry }} from asked where {{ is_start }}
        {%- if q.until and q.starts == 'first' %} and moment < {{ q.until }}{% endif %}
        group by unit
        {%- if q.starts == 'first_ever' %}
        having true{% if q.from %} and min(moment) >= {{ q.from }}{% endif %}{% if q.until %} and min(moment) < {{ q.until }}{% endif %}
        {%- endif %}
        {%- endif %}
    ),
    eligible as (
        select * from starts
        {%- if q.known_until %} where moment + {{ funnel_span(q.window_seconds) }} < {{ q.known_until }}{% endif %}
    )
    {%- if q.entry %},
    entries as (
        select unit, entry, min(moment) as first_at, max(moment) + {{ funnel_span(q.window_seconds) }} as last_at
        from eligible
        group by unit, entry
    )
    {%- endif %}
{%- endmacro %}

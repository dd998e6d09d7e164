{# The steps of a funnel, one layer of CTEs each: the events of a step that some start leads to, with the latest start,
   the latest event of the step before, and the instants (`until_n`) up to which no excluded event comes in between.
   An event that could serve two steps is counted once: `used` holds the events spent at one instant, each as its class
   (the steps it could serve) times 32 plus its number within the class, since events of one class are alike. #}
{% macro funnel_layers(q) -%}
    {{ funnel_starts(q) }},
    {{ funnel_spent_events(q) if q.is_shared else funnel_plain_events(q) }}
    {%- if q.exclusions %},
    {{ funnel_excluded(q) }}
    {%- endif %}
    {%- for step in q.steps %},
    {{ funnel_layer(q, loop.index, step) }}
    {%- endfor -%}
{%- endmacro %}

{# CTEs excluded_1, …: what must not happen between two steps. #}
{% macro funnel_excluded(q) -%}
    {%- for one in q.exclusions %}
    excluded_{{ loop.index }} as (
        select {{ q.key }} as unit, event_at as moment from {{ q.events }}
        where {{ funnel_in_reach(q) }} and {{ event_matches(one) }}
    )
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{# CTE `events`: the events of the steps, once for each way that they may belong to. #}
{% macro funnel_plain_events(q) -%}
    step_events as (
        {%- if q.entry %}
        select asked.unit, entries.entry, asked.moment, asked.step_index
        from asked inner join entries on asked.unit = entries.unit and asked.moment between entries.first_at and entries.last_at
        {%- else %}
        select unit, moment, step_index from asked where step_index > 0
        {%- endif %}
    )
{%- endmacro %}

{# The same where events can be spent: `place` names an event of its instant; more of a class than steps are not needed.
   For strict order also the instant before, and how many events of any kind it has. #}
{% macro funnel_spent_events(q) -%}
    {%- if q.order == 'strict' -%}
    instants as (
        select *, lag(moment) over unit as before_moment, lag(events) over unit as events_before
        from (select unit, moment, count(*) as events from asked group by unit, moment)
        window unit as (partition by unit order by moment)
    ),
    {% endif -%}
    classes as (
        select unit, moment, mask, unnest(range(1, least(count(*), {{ q.steps | length }}) + 1)) as number
        from asked
        where mask > 0
        group by unit, moment, mask
    ),
    step_events as (
        select
            classes.unit, classes.moment, classes.mask, classes.number, classes.mask * 32 + classes.number as place
            {{- ', entries.entry' if q.entry }}
            {{- ', instants.before_moment, instants.events_before' if q.order == 'strict' }}
        from classes
        {%- if q.order == 'strict' %}
        inner join instants on classes.unit = instants.unit and classes.moment = instants.moment
        {%- endif %}
        {%- if q.entry %}
        inner join entries on classes.unit = entries.unit and classes.moment between entries.first_at and entries.last_at
        {%- endif %}
    )
{%- endmacro %}

{# CTE layer_n, and best_n where events are spent; the way to step 1 is the start itself. #}
{% macro funnel_layer(q, step, asked) -%}
    {%- set begins = q.exclusions | selectattr('after', 'equalto', step) | list -%}
    {%- set name = 'layer_' ~ step -%}
    {{ 'open_' ~ step if begins else name }} as (
        {%- if step == 1 %}
        {{ funnel_first_layer(q) }}
        {%- elif q.is_shared %}
        {{ funnel_spending_layer(q, step, asked) }}
        {%- else %}
        {{ funnel_next_layer(q, step, asked, 'layer', '>=') }}
        {%- endif %}
    )
    {%- if begins %},
    {{ name }} as (
        select reached.*
        {%- for one in begins %}, coalesce(excluded_{{ loop.index }}.moment, timestamp '9999-12-31') as {{ one.column }}{% endfor %}
        from open_{{ step }} as reached
        {%- for one in begins %}
        asof left join excluded_{{ one.column | replace('until_', '') }} as excluded_{{ loop.index }}
            on reached.unit = excluded_{{ loop.index }}.unit and reached.moment < excluded_{{ loop.index }}.moment
        {%- endfor %}
    )
    {%- endif %}
    {%- if q.is_shared %},
    best_{{ step }} as (
        select {{ funnel_keys(q) }}, moment, {{ funnel_latest(q, step, begun=true) }}, max(previous_at) as previous_at
        from {{ name }}
        group by {{ funnel_keys(q) }}, moment
    )
    {%- endif -%}
{%- endmacro %}

{% macro funnel_first_layer(q) -%}
    {%- if q.is_shared -%}
    select
        {{ funnel_keys(q, 'step_events') }}, step_events.moment, step_events.moment as entered_at, cast(null as timestamp) as previous_at,
        [step_events.place] as used
    from step_events
    inner join (select distinct {{ funnel_keys(q) }}, moment from eligible) as eligible
        on {{ funnel_same_way(q, 'step_events', 'eligible') }} and step_events.moment = eligible.moment
    where step_events.mask % 2 = 1 and step_events.number = 1
    {%- else -%}
    select {{ funnel_keys(q) }}, moment, moment as entered_at, cast(null as timestamp) as previous_at from eligible
    {%- endif -%}
{%- endmacro %}

{# What is carried on from the steps that a step may follow: columns of the exclusions that are watched across it. #}
{% macro funnel_watched(q, step, begun=false) -%}
    {%- for one in q.exclusions if (one.after < step or (begun and one.after == step)) and step < one.before -%}
        {{ one.column }}{{ ' ' }}
    {%- endfor -%}
{%- endmacro %}

{# The latest start and the latest ends of what is watched, over several rows that end at one instant. #}
{% macro funnel_latest(q, step, begun=false) -%}
    max(entered_at) as entered_at
    {%- for column in funnel_watched(q, step, begun).split() %}, max({{ column }}) as {{ column }}{% endfor -%}
{%- endmacro %}

{% macro funnel_keeps_rules(q, step, asked) -%}
    event.moment <= before.entered_at + {{ funnel_span(q.window_seconds) }}
    {%- if asked.within_seconds %} and event.moment <= before.moment + {{ funnel_span(asked.within_seconds) }}{% endif %}
    {%- for one in q.exclusions if one.after < step and step <= one.before %} and event.moment <= before.{{ one.column }}{% endfor -%}
{%- endmacro %}

{# The layers that a step may follow, as one relation with one row per instant. #}
{% macro funnel_before(q, asked, layers) -%}
    {%- if asked.follows | length == 1 -%}
    {{ layers }}_{{ asked.follows[0] }}
    {%- else -%}
    {%- set watched = funnel_watched(q, asked.follows[0], begun=true).split() -%}
    (
        select {{ funnel_keys(q) }}, moment, max(entered_at) as entered_at
        {%- for column in watched %}, max({{ column }}) as {{ column }}{% endfor %}
        from (
            {%- for step in asked.follows %}
            select {{ funnel_keys(q) }}, moment, entered_at{% for column in watched %}, {{ column }}{% endfor %} from {{ layers }}_{{ step }}
            {{- ' union all' if not loop.last }}
            {%- endfor %}
        )
        group by {{ funnel_keys(q) }}, moment
    )
    {%- endif -%}
{%- endmacro %}

{% macro funnel_next_layer(q, step, asked, layers, later) -%}
    select
        {{ funnel_keys(q, 'event') }}, event.moment, before.entered_at, before.moment as previous_at
        {%- for column in funnel_watched(q, step).split() %}, before.{{ column }}{% endfor %}
        {{- ', [event.place] as used' if q.is_shared }}
    from (select * from step_events where {{ 'mask // ' ~ (2 ** (step - 1)) ~ ' % 2 = 1 and number = 1' if q.is_shared else 'step_index = ' ~ step }}) as event
    asof join {{ funnel_before(q, asked, layers) }} as before
        on {{ funnel_same_way(q, 'event', 'before') }} and event.moment {{ later }} before.moment
    where {{ funnel_keeps_rules(q, step, asked) }}
{%- endmacro %}

{# From an earlier instant, or within one instant with an event that is not spent; alike ones are spent in order. #}
{% macro funnel_spending_layer(q, step, asked) -%}
    {%- set watched = funnel_watched(q, step).split() -%}
    {%- set serves = 'event.mask // ' ~ (2 ** (step - 1)) ~ ' % 2 = 1' -%}
    select {{ funnel_keys(q) }}, moment, used, {{ funnel_latest(q, step) }}, max(previous_at) as previous_at
    from (
        {% if q.order == 'strict' -%}
        {%- for earlier in asked.follows %}
        select {{ funnel_spent_columns(q, watched) }}, [event.place] as used
        from step_events as event
        inner join layer_{{ earlier }} as before
            on {{ funnel_same_way(q, 'event', 'before') }} and event.before_moment = before.moment
        where {{ serves }} and event.number = 1 and {{ funnel_keeps_rules(q, step, asked) }}
            and (before.entered_at = before.moment or len(before.used) = event.events_before)
        union all
        {%- endfor %}
        {%- else -%}
        {{ funnel_next_layer(q, step, asked, 'best', '>') }}
        union all
        {%- endif %}
        {%- for earlier in asked.follows %}
        select {{ funnel_spent_columns(q, watched) }}, list_sort(list_append(before.used, event.place)) as used
        from step_events as event
        inner join layer_{{ earlier }} as before
            on {{ funnel_same_way(q, 'event', 'before') }} and event.moment = before.moment
        where {{ serves }} and not list_contains(before.used, event.place)
            and (event.number = 1 or list_contains(before.used, event.place - 1))
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    )
    group by {{ funnel_keys(q) }}, moment, used
{%- endmacro %}

{% macro funnel_spent_columns(q, watched) -%}
    {{ funnel_keys(q, 'event') }}, event.moment, before.entered_at, before.moment as previous_at
    {%- for column in watched %}, before.{{ column }}{% endfor -%}
{%- endmacro %}

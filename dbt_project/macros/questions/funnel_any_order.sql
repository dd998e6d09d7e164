{# Steps in any order: a way begins with an event of a step that is not optional and reaches n when n of those are done,
   each by an event of its own. Every question is turned into one of instants, so that no way is followed on its own:
   from each event on, when is the first, second, … event of these steps; when are two steps done with no excluded event
   between them; and the nth of all these instants is when n steps are done. What `q.any_order` holds is told by the
   function that makes it, `plan` in `opsloop/any_order.py`; a mask names steps by bits. Who is told `never` waits in vain. #}
{% macro funnel_any_order(q) -%}
    {%- set plan = q.any_order -%}
    {{ funnel_starts(q) }},
    {{ funnel_blocks(plan) }},
    {{ funnel_nth(plan) }},
    {{ funnel_ahead(q, plan) }}
    {%- if q.exclusions %},
    {{ funnel_excluded(q) }},
    {{ funnel_together(q, plan) }}
    {%- endif %},
    ways as (
        select
            unit{{ ', entry_of as entry' if q.entry }}, moment as entered_at, {{ funnel_end(q, plan) }} as ends_at,
            list_sort(list_filter([{{ funnel_done(plan) }}
            ], lambda instant: instant < {{ funnel_never() }})) as moments
            {%- for row in plan.rows if row.optional %}, first_{{ row.optional }}_1{% endfor %}
        from {{ 'together' if q.exclusions else 'ahead' }} as event
        where (mask & {{ plan.starts }}) > 0 and exists (
            select 1 from eligible
            where event.unit = eligible.unit and event.moment = eligible.moment{{ ' and event.entry_of = eligible.entry' if q.entry }}
        )
    ),
    moments as (
        {%- for row in plan.rows %}
        select
            {{ funnel_keys(q) }}, {{ loop.index }} as step_index, entered_at, ends_at,
            {%- if row.optional %}
            case when len(moments) >= {{ row.firm }} then greatest(moments[{{ row.firm }}], first_{{ row.optional }}_1) end as reached_at, moments[{{ row.firm }}] as previous_at
            {%- else %}
            moments[{{ row.firm }}] as reached_at,
            {{ 'moments[' ~ (row.firm - 1) ~ ']' if row.firm > 1 else 'cast(null as timestamp)' }} as previous_at
            {%- endif %}
        from ways
        {{- ' union all' if not loop.last }}
        {%- endfor %}
    ),
    reached as (
        select {{ funnel_keys(q) }}, step_index, best.reached_at, best.entered_at, best.previous_at
        from (
            select
                {{ funnel_keys(q) }}, step_index,
                arg_min(
                    {'reached_at': reached_at, 'entered_at': entered_at, 'previous_at': previous_at},
                    {'reached_at': reached_at, 'wait': reached_at - entered_at
                    {{- ", 'step': reached_at - coalesce(previous_at, entered_at)" if q.exclusions }}}
                ) as best
            from moments
            where reached_at <= ends_at
            group by {{ funnel_keys(q) }}, step_index
        )
    )
{%- endmacro %}

{# The steps that an event could do; only where steps overlap is every one looked at. #}
{% macro funnel_kinds(q) -%}
    {%- for kind in q.any_order.kinds -%}
        {{ 'case ' if loop.first or q.any_order.is_shared }}when {{ event_matches(q.steps[kind.step - 1]) }} then {{ kind.mask }} {{ 'else 0 end' if loop.last or q.any_order.is_shared }}
        {{- ' + ' if q.any_order.is_shared and not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro funnel_never() -%}timestamp '9999-12-31'{%- endmacro %}

{# CTE `numbered`: for each set the event that is the nth of it from this one on, among those that are carried alike. #}
{% macro funnel_nth(plan) -%}
    numbered as (
        select
            *
            {%- for one in plan.sets %}{% for number in range(2, one.most + 1) %},
            lead(moment, {{ number - 1 }}) over (
                partition by unit, {{ 'level, block, ' if funnel_has_windows(plan) }}(mask & {{ one.mask }}) > 0 order by moment
            ) as nth_{{ one.mask }}_{{ number }}
            {%- endfor %}{% endfor %}
        from blocks
    )
{%- endmacro %}

{# CTE `ahead`: for each set the first, second, … event from this one on that its way is carried to. #}
{% macro funnel_ahead(q, plan) -%}
    ahead as (
        select
            *
            {%- for one in plan.sets %}{% for number in range(1, one.most + 1) %},
            {{ funnel_of_levels(plan, one.mask, number) }} as first_{{ one.mask }}_{{ number }}
            {%- endfor %}{% endfor %}
        from numbered
        window {{ funnel_frames(q, plan) }}
    )
{%- endmacro %}

{# The nth over all levels, which is among the first n of each. #}
{% macro funnel_of_levels(plan, mask, number) -%}
    {%- if plan.levels | length == 1 -%}
    {{ funnel_by_level(plan, funnel_nth_of(mask, number)) }}
    {%- elif number == 1 -%}
    least({{ funnel_by_level(plan, funnel_nth_of(mask, 1)) }})
    {%- else -%}
    list_sort([
        {%- for one in range(1, number + 1) %}
                {{ funnel_by_level(plan, funnel_nth_of(mask, one)) }}{{ ',' if not loop.last }}
        {%- endfor %}
            ])[{{ number }}]
    {%- endif -%}
{%- endmacro %}

{% macro funnel_nth_of(mask, number) -%}
    case when (mask & {{ mask }}) > 0 then {{ 'moment' if number == 1 else 'nth_' ~ mask ~ '_' ~ number }} end
{%- endmacro %}

{# For each level the first instant from this event on that an event of the level tells. #}
{% macro funnel_by_level(plan, told) -%}
    {%- set has_windows = funnel_has_windows(plan) -%}
    {%- for level in plan.levels -%}
        coalesce(min({{ told }}){{ ' filter (where level = ' ~ loop.index ~ ')' if has_windows }} over level_{{ loop.index }}, {{ funnel_never() }})
        {{- ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# CTE `together`: for each pair of an exclusion when, from this event on, both are done with nothing excluded between. #}
{% macro funnel_together(q, plan) -%}
    watched as (
        select event.*{% for one in q.exclusions %}, coalesce(excluded_{{ loop.index }}.moment, {{ funnel_never() }}) as {{ one.column }}{% endfor %}
        from ahead as event
        {%- for one in q.exclusions %}
        asof left join excluded_{{ loop.index }}
            on event.unit = excluded_{{ loop.index }}.unit and event.moment < excluded_{{ loop.index }}.moment
        {%- endfor %}
    ),
    answered as (
        select
            *
            {%- for pair in plan.pairs %},
            case
                {%- for mask, other in [(pair.one, pair.two), (pair.two, pair.one)] %}
                when (mask & {{ mask }}) > 0 and first_{{ other }}_1 <= least({{ pair.until | join(', ') }}) then first_{{ other }}_1
                {%- endfor %}
            end as answer_{{ loop.index }}
            {%- endfor %}
        from watched
    ),
    together as (
        select
            *
            {%- for pair in plan.pairs %}, least({{ funnel_by_level(plan, 'answer_' ~ loop.index) }}) as both_{{ loop.index }}{% endfor %}
        from answered
        window {{ funnel_frames(q, plan) }}
    )
{%- endmacro %}

{# When one more step is done, in no order; a way that begins with a step of a pair has done that step by this event. #}
{% macro funnel_done(plan) -%}
    {%- for group in plan.groups %}{% set last = loop.last -%}
        {%- for limits in group %}
            greatest({% for one in limits %}first_{{ one.mask }}_{{ one.number }}{{ ', ' if not loop.last }}{% endfor %})
            {{- ', ' if not (last and loop.last and not plan.pairs) }}
        {%- endfor -%}
    {%- endfor -%}
    {%- for pair in plan.pairs %}
            least(first_{{ pair.one }}_1, first_{{ pair.two }}_1),
            case
                when (mask & {{ pair.one + pair.two }}) > 0 then coalesce(answer_{{ loop.index }}, {{ funnel_never() }})
                else both_{{ loop.index }}
            end{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The last instant of a way: that of its window, or that of an event that it must be without. #}
{% macro funnel_end(q, plan) -%}
    least(moment + {{ funnel_span(q.window_seconds) }}{% for column in plan.until %}, {{ column }}{% endfor %})
{%- endmacro %}

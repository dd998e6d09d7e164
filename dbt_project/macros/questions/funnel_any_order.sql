{# Steps in any order: a way begins with an event of any step and reaches n when n different steps are done, each by an
   event of its own. From every event the first, second, … next event of each kind is known, so each start knows when
   it is how far, and no start is followed on its own. #}
{% macro funnel_any_order(q) -%}
    {%- set span = funnel_span(q.window_seconds) -%}
    {{ funnel_starts(q) }},
    {#- The event that is the nth of its kind from this one on. -#}
    numbered as (
        select
            *
            {%- for number in q.steps | map(attribute='copy') | unique %},
            lead(moment, {{ number - 1 }}) over (partition by unit, step_index order by moment) as moment_{{ number }}
            {%- endfor %}
        from asked
    ),
    ahead as (
        select
            *,
            list_sort(list_filter([
                {%- for step in q.steps %}
                min(case when step_index = {{ step.kind }} then moment_{{ step['copy'] }} end) over unit
                {{- ', ' if not loop.last }}
                {%- endfor %}
            ], lambda moment: moment is not null)) as moments
        from numbered
        window unit as (partition by unit order by moment range between current row and {{ span }} following)
    ),
    ways as (
        select distinct {{ funnel_keys(q, 'eligible') }}, ahead.moment as entered_at, ahead.moments
        from ahead
        inner join eligible
            on ahead.unit = eligible.unit and ahead.moment = eligible.moment{{ ' and ahead.entry_of = eligible.entry' if q.entry }}
    ),
    moments as (
        {%- for step in q.steps %}
        select
            {{ funnel_keys(q) }}, {{ loop.index }} as step_index, entered_at,
            moments[{{ loop.index }}] as reached_at,
            {{ 'moments[' ~ (loop.index - 1) ~ ']' if loop.index > 1 else 'cast(null as timestamp)' }} as previous_at
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
                    {'reached_at': reached_at, 'wait': reached_at - entered_at}
                ) as best
            from moments
            where reached_at <= entered_at + {{ span }}
            group by {{ funnel_keys(q) }}, step_index
        )
    )
{%- endmacro %}

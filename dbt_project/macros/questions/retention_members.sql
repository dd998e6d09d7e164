{# Who belongs to which cohort and who counts in which cell; retention.sql says what `q` holds. #}

{# The number of the period that holds a day; 0001-01-01 was a Monday. #}
{% macro retention_period(day, q) -%}
    {%- if q.grain == 'day' -%}
    ({{ day }} - date '0001-01-01')
    {%- elif q.grain == 'week' -%}
    (({{ day }} - date '0001-01-01' - {{ q.week_offset }}) // 7)
    {%- else -%}
    (extract(year from {{ day }}) * 12 + extract(month from {{ day }}) - 1)
    {%- endif -%}
{%- endmacro %}

{# The first day of a period, given its number. #}
{% macro retention_first_day(period, q) -%}
    {%- if q.grain == 'month' -%}
    make_date(({{ period }}) // 12, ({{ period }}) % 12 + 1, 1)
    {%- else -%}
    date '0001-01-01' + cast(({{ period }}) {{ '* 7 + ' ~ q.week_offset if q.grain == 'week' }} as integer)
    {%- endif -%}
{%- endmacro %}

{# Microseconds of one period of the rolling clock. #}
{% macro retention_window(q) -%}
    {{ {'day': 86400000000, 'week': 604800000000, 'month': 2592000000000}[q.grain] }}
{%- endmacro %}

{# The instant at which the rolling period `index` of a start begins. #}
{% macro retention_instant(start, index, q) -%}
    {{ start }} + to_microseconds(cast({{ retention_window(q) }} * ({{ index }}) as bigint))
{%- endmacro %}

{% macro retention_within(q) -%}
    true
    {%- if q.cohorts_from %} and cohort >= {{ retention_period(q.cohorts_from, q) }}{% endif %}
    {%- if q.cohorts_until %} and cohort <= {{ retention_period(q.cohorts_until, q) }}{% endif %}
{%- endmacro %}

{# CTE return_periods: one row per person and period of the calendar. #}
{% macro retention_return_periods(returns, q) -%}
    return_periods as (
        select person_id, period{{ '' if q.same else ', max(active_at) as last_at' }}
        from (
            select person_id, {{ retention_period('active_date', q) }} as period{{ '' if q.same else ', active_at' }}
            from {{ returns }} as returns
        ) as dated
        where person_id is not null and period is not null
        group by person_id, period
    )
{%- endmacro %}

{# CTE entries: one row per person and cohort. #}
{% macro retention_entries(starts, q) -%}
    {%- set periods_suffice = q.same and q.clock == 'calendar' -%}
    entries as (
        select *
        from (
            select
                person_id,
                {{ 'min(period)' if q.start == 'first' else 'period' }} as cohort
                {{- '' if periods_suffice else ', min(active_at) as started_at' }}
            from
                {% if periods_suffice -%}
                return_periods
                {%- else -%}
                (
                    select person_id, active_at, {{ retention_period('active_date', q) }} as period
                    from {{ starts }} as starts
                ) as dated
                {%- endif %}
            where person_id is not null and period is not null
            group by person_id{{ '' if q.start == 'first' else ', period' }}
        ) as all_entries
        where {{ retention_within(q) }}
    )
{%- endmacro %}

{# CTE returned: one row per person, cohort and period in which the person was back, at the start or later. Brackets end
   where they say, whatever the horizon. #}
{% macro retention_returned(returns, q) -%}
    {%- set last = q.horizon if q.kind == 'on' else q.brackets | map('last') | max if q.kind == 'brackets' else none -%}
    returned as (
        {% if q.clock == 'calendar' -%}
        select entries.person_id, entries.cohort, return_periods.period - entries.cohort as index
        from entries
        inner join return_periods
            on entries.person_id = return_periods.person_id and return_periods.period >= entries.cohort
        where true
            {% if not q.same -%}
            and (return_periods.period > entries.cohort or return_periods.last_at >= entries.started_at)
            {%- endif %}
            {% if last is not none -%}
            and return_periods.period <= entries.cohort + {{ last }}
            {%- endif %}
        {%- else -%}
        select distinct
            entries.person_id,
            entries.cohort,
            (epoch_us(returns.active_at) - epoch_us(entries.started_at)) // {{ retention_window(q) }} as index
        from entries
        inner join {{ returns }} as returns
            on entries.person_id = returns.person_id and returns.active_at >= entries.started_at
        {%- if last is not none %}
        where returns.active_at < {{ retention_instant('entries.started_at', last + 1, q) }}
        {%- endif %}
        {%- endif %}
    )
{%- endmacro %}

{% macro retention_brackets(q) -%}
    (values {% for low, high in q.brackets %}({{ low }}, {{ high }}){{ '' if loop.last else ', ' }}{% endfor %})
        as brackets (first_index, last_index)
{%- endmacro %}

{# CTE reached: one row per person, cohort and cell that the person counts in. #}
{% macro retention_reached(q) -%}
    reached as (
        {% if q.kind == 'on' -%}
        select person_id, cohort, index as first_index, index as last_index from returned
        {%- elif q.kind == 'after' -%}
        select person_id, cohort, index as first_index, index as last_index
        from (
            select person_id, cohort, unnest(range(0, last_index + 1)) as index
            from (
                select
                    person_id,
                    cohort,
                    {{ 'max(index)' if q.horizon is none else 'least(max(index), ' ~ q.horizon ~ ')' }} as last_index
                from returned
                group by person_id, cohort
            ) as farthest
        ) as each_period
        {%- else -%}
        select distinct returned.person_id, returned.cohort, brackets.first_index, brackets.last_index
        from returned
        inner join {{ retention_brackets(q) }}
            on returned.index >= brackets.first_index and returned.index <= brackets.last_index
        {%- endif %}
    )
{%- endmacro %}

{# All CTEs that say who belongs to which cohort and who counts in which cell. #}
{% macro retention_members(starts, returns, q) -%}
    {% if q.clock == 'calendar' -%}
    {{ retention_return_periods(returns, q) }},
    {% endif -%}
    {{ retention_entries(starts, q) }},
    {{ retention_returned(returns, q) }},
    {{ retention_reached(q) }}
{%- endmacro %}

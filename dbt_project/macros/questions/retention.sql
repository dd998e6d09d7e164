{# Retention as one question with parameters (R1 to R4). `starts` and `returns` are relations of person_id, active_at
   (UTC) and active_date (the reporting day); `q` says what is asked:
     start        first (a person's first start ever) or recurring (each period with a start is a cohort of its own)
     same         whether starting and returning are the same activity, and both relations the same
     grain        day, week or month; weeks begin week_offset days after Monday
     clock        calendar (periods of the reporting zone) or rolling (windows of 24 hours times 1, 7 or 30 from the start)
     kind         on (back in period n), after (on or after it) or brackets (within a range of periods, ends included)
     brackets     pairs of periods; horizon: the last period asked for, none for all up to now
     cohorts_from, cohorts_until   days whose periods bound the cohorts, or none
     denominator  cohort, or previous (who was back in the period or bracket before)
     as_of, as_of_date, arrived_until, settle_days   what is known, and how long a cell may still change (X5)
   Nothing here is of dbt, so that pages render it too. #}

{# CTEs sizes (persons of a cohort) and retained (persons of a cell), member by member. #}
{% macro retention_counted(starts, returns, q) -%}
    {{ retention_members(starts, returns, q) }},
    sizes as (
        select
            cohort,
            count(*) as cohort_persons
            {{- ', min(started_at) as first_start, max(started_at) as last_start' if q.clock == 'rolling' }}
        from entries
        group by cohort
    ),
    retained as (
        select cohort, first_index, last_index, count(*) as retained_persons
        from reached
        group by cohort, first_index, last_index
    )
{%- endmacro %}

{# The same two CTEs for first starts that are returns themselves, on calendar periods: one pass leaves a mask of 63
   periods per person, persons of one mask count at once, and who is longer with us than a mask is counted by period. #}
{% macro retention_counted_by_mask(returns, q) -%}
    histories as (
        select
            person_id,
            min(period) as cohort,
            max(period) as latest,
            bit_or(cast(1 as bigint) << cast(period % 63 as integer)) as mask
        from (
            select person_id, {{ retention_period('active_date', q) }} as period from {{ returns }} as returns
        ) as dated
        where person_id is not null and period is not null
        group by person_id
    ),
    entries as (
        select * from histories
        where {{ retention_within(q) }}
    ),
    sizes as (select cohort, count(*) as cohort_persons from entries group by cohort),
    of_masks as (
        select masks.cohort, steps.index, sum(masks.persons) as persons
        from (
            select cohort, mask, count(*) as persons
            from entries
            where latest - cohort < 63
            group by cohort, mask
        ) as masks
        cross join (select unnest(range(0, 63)) as index) as steps
        where (masks.mask >> cast((masks.cohort + steps.index) % 63 as integer)) & 1 = 1
        group by masks.cohort, steps.index
    ),
    of_long_histories as (
        select
            entries.cohort,
            {{ retention_period('returns.active_date', q) }} - entries.cohort as index,
            count(distinct entries.person_id) as persons
        from {{ returns }} as returns
        inner join entries on returns.person_id = entries.person_id and entries.latest - entries.cohort >= 63
        where returns.active_date is not null
        group by 1, 2
    ),
    retained as (
        select cohort, index as first_index, index as last_index, cast(sum(persons) as bigint) as retained_persons
        from (select * from of_masks union all select * from of_long_histories) as both_kinds
        group by cohort, index
    )
{%- endmacro %}

{# CTE cells: each cohort with each cell that has begun, so that nobody back is 0 and not absent (R4). #}
{% macro retention_cells_begun(q) -%}
    begun as (
        select
            *,
            {% if q.clock == 'calendar' -%}
            {{ retention_period(q.as_of_date, q) }} - cohort
            {%- else -%}
            (epoch_us({{ q.as_of }}) - epoch_us(first_start) - 1) // {{ retention_window(q) }}
            {%- endif %} as newest_index
        from sizes
    ),
    cells as (
        {% if q.kind == 'brackets' -%}
        select begun.*, brackets.first_index, brackets.last_index
        from begun
        inner join {{ retention_brackets(q) }} on brackets.first_index <= begun.newest_index
        {%- else -%}
        select *, first_index as last_index
        from (
            select
                *,
                unnest(range(0, {{ 'newest_index' if q.horizon is none else 'least(newest_index, ' ~ q.horizon ~ ')' }} + 1))
                    as first_index
            from begun
        ) as each_period
        {%- endif %}
    )
{%- endmacro %}

{# How sure a cell is: partial until its period is over for everybody in it (X5). On the rolling clock what has arrived
   reaches as many days less far than as_of as the last day that has arrived lies before the last day known. #}
{% macro retention_maturity(q) -%}
    {%- if q.clock == 'calendar' -%}
    {%- set ends_on = retention_first_day('cells.cohort + cells.last_index + 1', q) ~ ' - 1' -%}
    {{ maturity_at(ends_on, q.settle_days, q.as_of_date, q.arrived_until) }}
    {%- else -%}
    {%- set cohort_ends_on = retention_first_day('cells.cohort + 1', q) ~ ' - 1' -%}
    {%- set of_cohort = maturity_at(cohort_ends_on, q.settle_days, q.as_of_date, q.arrived_until) -%}
    {%- set over_at = retention_instant('cells.last_start', 'cells.last_index + 1', q) -%}
    {%- set arrived = q.as_of ~ ' - to_days(cast(' ~ q.as_of_date ~ ' - ' ~ q.arrived_until ~ ' as integer))' -%}
    case
        when {{ over_at }} > {{ q.as_of }} then 'partial'
        when {{ over_at }} > {{ arrived }} then 'late'
        when {{ over_at }} + interval {{ q.settle_days }} day > {{ arrived }} and ({{ of_cohort }}) = 'mature'
            then 'maturing'
        else {{ of_cohort }}
    end
    {%- endif -%}
{%- endmacro %}

{# One row per cohort and cell: its size, who was back, the persons that its rate is of, and how sure it is. #}
{% macro retention_cells(starts, returns, q) -%}
    with
    {% if q.same and q.start == 'first' and q.clock == 'calendar' and q.kind == 'on' -%}
    {{ retention_counted_by_mask(returns, q) }},
    {%- else -%}
    {{ retention_counted(starts, returns, q) }},
    {%- endif %}
    {{ retention_cells_begun(q) }},
    filled as (
        select
            cells.cohort,
            cells.first_index,
            cells.last_index,
            cells.cohort_persons,
            coalesce(retained.retained_persons, 0) as retained_persons,
            {{ retention_maturity(q) }} as maturity
        from cells
        left join retained
            on cells.cohort = retained.cohort
            and cells.first_index = retained.first_index
            and cells.last_index = retained.last_index
    ),
    beside_previous as (
        select
            *,
            coalesce(
                lag(retained_persons) over (partition by cohort order by first_index, last_index),
                cohort_persons
            ) as previous_persons
        from filled
    )
    select
        {{ retention_first_day('cohort', q) }} as cohort_start,
        cast(first_index as integer) as period_index,
        cast(last_index as integer) as period_until,
        cohort_persons,
        previous_persons,
        {{ 'previous_persons' if q.denominator == 'previous' else 'cohort_persons' }} as base_persons,
        retained_persons,
        maturity
    from beside_previous
{%- endmacro %}

{# The mean over cohorts of cells that are mature, those with nobody back included: weighted by persons, and simple. #}
{% macro retention_means(cells) -%}
    select
        period_index,
        period_until,
        count(*) as cohorts,
        cast(sum(base_persons) as bigint) as base_persons,
        cast(sum(retained_persons) as bigint) as retained_persons,
        sum(retained_persons) / sum(base_persons) as weighted_rate,
        avg(retained_persons / base_persons) as simple_rate
    from {{ cells }} as cells
    where maturity = 'mature' and base_persons > 0
    group by period_index, period_until
{%- endmacro %}

{# The persons behind a cell (S10): those of the cohort who were back, or those who were not. #}
{% macro retention_persons(starts, returns, q, cohort_start, first_index, last_index, back=true) -%}
    with
    {{ retention_members(starts, returns, q) }}
    select entries.person_id
    from entries
    left join reached
        on entries.person_id = reached.person_id
        and entries.cohort = reached.cohort
        and reached.first_index = {{ first_index }}
        and reached.last_index = {{ last_index }}
    where entries.cohort = {{ retention_period(cohort_start, q) }}
        and reached.person_id is {{ 'not null' if back else 'null' }}
{%- endmacro %}

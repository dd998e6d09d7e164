{# Nobody gets lost between two periods, two days or two weeks: who was somewhere is somewhere after (X2). #}
{% set last_day = as_of_date() %}
{% set matrices = {
    'activity_states': {'mart': 'fct_activity_states_daily', 'part': 'activity', 'step': 'date_day', 'days': 1, 'state': 'state'},
    'stage_moves': {'mart': 'fct_stage_moves_weekly', 'part': "'all'", 'step': 'week_start', 'days': 7, 'state': 'stage'},
} %}
with

lifecycle as (

    select
        'lifecycle_' || period_grain as check_name,
        'all' as source_name,
        activity as stream,
        sum(previous_active_persons) as expected,
        sum(returning_persons) + sum(dormant_persons) as arrived,
        0 as left_out,
        'persons of each period are back or dormant in the next' as explanation
    from {{ ref('fct_lifecycle') }}
    group by period_grain, activity

),

first_periods as (

    select
        'lifecycle_new_' || lifecycle.period_grain as check_name,
        'all' as source_name,
        lifecycle.activity as stream,
        (
            select count(distinct days.person_id) from {{ ref('int_retention__person_days') }} as days
            where days.activity = lifecycle.activity
        ) as expected,
        sum(lifecycle.new_persons) as arrived,
        0 as left_out,
        'each person is new once' as explanation
    from {{ ref('fct_lifecycle') }} as lifecycle
    group by lifecycle.period_grain, lifecycle.activity

),

{% for name, matrix in matrices.items() %}
{{ name }}_counted as (

    select
        {{ matrix.part }} as part,
        {{ matrix.step }} as step,
        {{ matrix.state }} as state,
        sum(persons) as persons
    from {{ ref(matrix.mart) }}
    group by 1, 2, 3

),

{{ name }}_left as (

    select
        {{ matrix.part }} as part,
        {{ matrix.step }} - {{ matrix.days }} as step,
        {{ matrix.state }}_before as state,
        sum(persons) as persons
    from {{ ref(matrix.mart) }}
    where {{ matrix.state }}_before <> 'unseen'
    group by 1, 2, 3

),

{{ name }} as (

    select
        '{{ name }}' as check_name,
        'all' as source_name,
        coalesce(counted.part, gone.part) as stream,
        count(*) as expected,
        count(*) filter (where counted.persons = gone.persons) as arrived,
        0 as left_out,
        'cells whose persons are all somewhere at the next step' as explanation
    from (
        select * from {{ name }}_counted
        where step < (select max(step) from {{ name }}_counted)
    ) as counted
    full outer join {{ name }}_left as gone
        on counted.part = gone.part and counted.step = gone.step and counted.state = gone.state
    group by 3

),

{% endfor %}
states_of_persons as (

    select
        'persons_in_states' as check_name,
        'all' as source_name,
        days.activity as stream,
        count(distinct days.person_id) as expected,
        (
            select coalesce(sum(states.persons), 0) from activity_states_counted as states
            where states.part = days.activity and states.step = {{ last_day }}
        ) as arrived,
        0 as left_out,
        'everybody ever active has a state on the last day' as explanation
    from {{ ref('int_retention__person_days') }} as days
    where days.activity <> 'any'
    group by days.activity

),

stages_of_persons as (

    select
        'persons_in_stages' as check_name,
        'all' as source_name,
        'all' as stream,
        (
            select count(distinct person_id) from {{ ref('int_stages__active_days') }}
            where position is not null
        ) as expected,
        coalesce(sum(persons), 0) as arrived,
        0 as left_out,
        'everybody who ever reached a stage has one in the last week' as explanation
    from stage_moves_counted
    where step = (select max(step) from stage_moves_counted)

),

{# Cells of the whole cohort, each equal to the sum over its channels and categories (R7). #}
first_orders as (

    select
        'cohorts_by_first_order' as check_name,
        'all' as source_name,
        'orders' as stream,
        count(*) as expected,
        count(*) filter (
            where whole.customers = parts.customers
                and whole.cumulative_revenue_net = parts.cumulative_revenue_net
                and whole.cumulative_margin is not distinct from parts.cumulative_margin
        ) as arrived,
        0 as left_out,
        'cohorts and months that equal the sum of their channels and categories' as explanation
    from (
        select * from {{ ref('fct_cohort_revenue') }}
        where customers > 0
    ) as whole
    full outer join (
        select
            cohort,
            month_index,
            sum(customers) as customers,
            sum(cumulative_revenue_net) as cumulative_revenue_net,
            sum(cumulative_margin) as cumulative_margin
        from {{ ref('fct_cohort_revenue_by_first_order') }}
        group by cohort, month_index
    ) as parts using (cohort, month_index)

),

united as (

    {% for check in [
        'lifecycle', 'first_periods', 'activity_states', 'stage_moves', 'states_of_persons', 'stages_of_persons',
        'first_orders'
    ] -%}
    select * from {{ check }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from united

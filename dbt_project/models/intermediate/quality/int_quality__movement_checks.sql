{# Nobody gets lost between two days or two weeks: who was in a state is in one after (X2). #}
{% set matrices = {
    'activity_states': {'mart': 'fct_activity_states_daily', 'part': 'activity', 'step': 'date_day', 'days': 1, 'state': 'state'},
    'stage_moves': {'mart': 'fct_stage_moves_weekly', 'part': "'all'", 'step': 'week_start', 'days': 7, 'state': 'stage'},
} %}
with

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
            where states.part = days.activity and states.step = {{ as_of_date() }}
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

united as (

    {% for check in ['activity_states', 'stage_moves', 'states_of_persons', 'stages_of_persons'] -%}
    select * from {{ check }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from united

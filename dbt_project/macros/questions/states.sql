{# Persons in a state and their moves, step by step, without a row per person and step. `spans` is a relation of
   `part`, person_id, state, first_step and last_step (whole numbers, both included); a person's spans in a part leave
   no gap and do not overlap. One row comes per part, step, state before and state; `unseen` is before the first span.
   Who stays within a span is the number standing in the state less those who came into it at that step.
   Nothing here is of dbt, so that pages render it too. #}
{% macro state_moves(spans, part) -%}
    with
    spans as (select * from {{ spans }}),
    entered as (
        select
            {{ part }},
            first_step as step,
            coalesce(lag(state) over (partition by {{ part }}, person_id order by first_step), 'unseen') as state_before,
            state
        from spans
    ),
    moves as (
        select {{ part }}, step, state_before, state, count(*) as persons
        from entered
        group by {{ part }}, step, state_before, state
    ),
    changes as (
        select {{ part }}, state, step, sum(came) as came, sum(came) - sum(went) as change
        from (
            select {{ part }}, state, first_step as step, count(*) as came, 0 as went
            from spans
            group by {{ part }}, state, first_step
            union all
            select {{ part }}, state, last_step + 1 as step, 0 as came, count(*) as went
            from spans
            group by {{ part }}, state, last_step
        ) as both_ends
        group by {{ part }}, state, step
    ),
    steps as (
        select {{ part }}, state, unnest(range(first_step, last_step + 1)) as step
        from (
            select {{ part }}, min(first_step) as first_step, max(last_step) as last_step
            from spans
            group by {{ part }}
        ) as reach
        cross join (select distinct state from spans) as states
    ),
    standing as (
        select
            steps.{{ part }},
            steps.step,
            steps.state,
            sum(coalesce(changes.change, 0))
                over (partition by steps.{{ part }}, steps.state order by steps.step) - coalesce(changes.came, 0) as stayed
        from steps
        left join changes
            on steps.{{ part }} = changes.{{ part }} and steps.step = changes.step and steps.state = changes.state
    )
    select {{ part }}, step, state_before, state, cast(sum(persons) as bigint) as persons
    from (
        select {{ part }}, step, state_before, state, persons from moves
        union all
        select {{ part }}, step, state as state_before, state, stayed from standing
        where stayed > 0
    ) as moved_and_stayed
    group by {{ part }}, step, state_before, state
{%- endmacro %}

with

steps as (

    select * from {{ source('workspace', 'funnels') }}

),

entries as (

    select funnel_name, entry_date, steps_reached, count(*) as persons
    from {{ ref('int_funnels__entries') }}
    group by all

),

{# Whoever reached a step reached those before it. #}
funnel_daily as (

    select
        steps.funnel_name,
        entries.entry_date,
        cast(steps.step_index as integer) as step_index,
        steps.step_name,
        cast(sum(entries.persons) as bigint) as persons_entered,
        cast(
            coalesce(sum(entries.persons) filter (where entries.steps_reached >= steps.step_index), 0) as bigint
        ) as persons,
        {{ maturity('entries.entry_date', 'cast(max(steps.window_days) as integer)') }} as maturity
    from entries
    inner join steps on entries.funnel_name = steps.funnel_name
    group by steps.funnel_name, entries.entry_date, steps.step_index, steps.step_name

)

select * from funnel_daily

with

steps as (

    select * from {{ source('workspace', 'funnels') }}

),

reached as (

    select funnel_name, entry_date, step_index, count(*) as persons
    from {{ ref('int_funnels__entries') }}
    group by funnel_name, entry_date, step_index

),

entries as (

    select funnel_name, entry_date, persons as persons_entered
    from reached
    where step_index = 1

),

{# Every step of a day with entries has a row: nobody got there is 0, not absent. #}
funnel_daily as (

    select
        steps.funnel_name,
        entries.entry_date,
        cast(steps.step_index as integer) as step_index,
        steps.step_name,
        coalesce(steps.is_optional, false) as is_optional,
        cast(entries.persons_entered as bigint) as persons_entered,
        cast(coalesce(reached.persons, 0) as bigint) as persons,
        {{ maturity('entries.entry_date', 'cast(steps.window_days as integer)', ['funnel']) }} as maturity
    from entries
    inner join steps on entries.funnel_name = steps.funnel_name
    left join reached
        on entries.funnel_name = reached.funnel_name
        and entries.entry_date = reached.entry_date
        and steps.step_index = reached.step_index

)

select * from funnel_daily

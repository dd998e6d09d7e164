{# Who is idle moves on without a fact, on the day on which a rule of idleness begins to hold. #}
{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_stages__active_days') }}
    union all
    select days.person_id
    from {{ ref('int_stages__active_days') }} as days
    inner join {{ ref('stage_rules') }} as rules
        on rules.measure = 'idle_days'
        and days.date_day + rules.at_least > {{ former_as_of_date() }}
        and days.date_day + rules.at_least <= {{ as_of_date() }}
    where days.next_day is null
{% endcall %}
with

rules as (

    select * from {{ ref('stage_rules') }}

),

active_days as (

    select
        person_id,
        date_day,
        position,
        coalesce(next_day - 1, {{ as_of_date() }}) as last_day
    from {{ sliced(ref('int_stages__active_days'), 'person_id') }}
    where position is not null

),

{# From how many days after the last activity to how many a stage of idleness holds; none holds at first. #}
idleness as (

    select
        stage,
        idle_from,
        lead(idle_from) over (order by idle_from) - 1 as idle_until
    from (
        select stage, at_least as idle_from from rules
        where measure = 'idle_days'
        union all
        select null as stage, 0 as idle_from
    ) as each_rule

),

spans as (

    select
        days.person_id,
        coalesce(idleness.stage, rules.stage) as stage,
        days.date_day + idleness.idle_from as first_day,
        least(coalesce(days.date_day + idleness.idle_until, days.last_day), days.last_day) as last_day
    from active_days as days
    inner join rules on days.position = rules.position
    inner join idleness on days.date_day + idleness.idle_from <= days.last_day

),

marked as (

    select *, coalesce(stage <> lag(stage) over (partition by person_id order by first_day), true) as is_other
    from spans

),

numbered as (

    select
        *,
        sum(case when is_other then 1 else 0 end) over (partition by person_id order by first_day) as stage_number
    from marked

),

final as (

    select
        person_id,
        stage,
        cast(stage_number as bigint) as stage_number,
        min(first_day) as valid_from,
        case when max(last_day) < max({{ as_of_date() }}) then max(last_day) + 1 end as valid_to,
        max(last_day) >= max({{ as_of_date() }}) as is_current
    from numbered
    group by person_id, stage, stage_number

)

select * from final

{% set spans -%}
(
    select
        activity,
        person_id,
        state,
        first_day - date '0001-01-01' as first_step,
        least(coalesce(last_day, {{ as_of_date() }}), {{ as_of_date() }}) - date '0001-01-01' as last_step
    from {{ ref('int_retention__activity_states') }}
    where first_day <= {{ as_of_date() }}
)
{%- endset %}
with

moves as (

    {{ state_moves(spans, 'activity') }}

),

dated as (

    select *, date '0001-01-01' + cast(step as integer) as date_day from moves

),

final as (

    select
        date_day,
        activity,
        state_before,
        state,
        persons,
        {{ maturity('date_day', var('web_days', 3), needs=['lifecycle']) }} as maturity
    from dated

)

select * from final

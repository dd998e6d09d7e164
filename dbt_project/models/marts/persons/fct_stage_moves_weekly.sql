{# A person counts at the stage of the week's last day; in the running week, of the last day that is known. #}
{% set week = retention_of_marts('week') %}
{% set spans -%}
(
    select *
    from (
        select
            'week' as step_grain,
            person_id,
            stage as state,
            {{ retention_period('valid_from', week) }} as first_step,
            case
                when is_current then {{ retention_period(as_of_date(), week) }}
                else {{ retention_period('valid_to', week) }} - 1
            end as last_step
        from {{ ref('fct_person_stages') }}
    ) as each_stretch
    where first_step <= last_step
)
{%- endset %}
with

moves as (

    {{ state_moves(spans, 'step_grain') }}

),

dated as (

    select *, {{ retention_first_day('step', week) }} as week_start from moves

),

final as (

    select
        week_start,
        state_before as stage_before,
        state as stage,
        persons,
        {{ maturity('week_start + 6', var('web_days', 3), needs=['lifecycle', 'leads']) }} as maturity
    from dated

)

select * from final

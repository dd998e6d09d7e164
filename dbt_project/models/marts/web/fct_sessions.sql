{%- set maturity_now = maturity('session_date', var('web_days', 3)) -%}
{{ config(materialized='slices', key='session_id') }}
{% call reach() %}
    select session_id from {{ changes('int_sessions__resolved') }}
    union all
    select session_id from {{ this }} where maturity is distinct from {{ maturity_now }}
{% endcall %}
with

sessions as (

    select * from {{ sliced(ref('int_sessions__resolved'), 'session_id') }}

),

with_engagement as (

    select *, pageviews >= 2 or engaged_seconds >= 10 or conversions > 0 as is_engaged
    from sessions

),

final as (

    select
        -- ids
        session_id,
        visitor_id,
        person_id,

        -- times
        session_started_at,
        session_ended_at,
        session_date,

        -- where it came from
        landing_page,
        source,
        medium,
        campaign,
        channel,
        channel_class,
        device,
        country,

        -- measures
        pageviews,
        events,
        engaged_seconds,
        is_engaged,
        not is_engaged as is_bounced,
        conversions,
        conversions > 0 as is_converted,

        {{ maturity_now }} as maturity
    from with_engagement

)

select * from final

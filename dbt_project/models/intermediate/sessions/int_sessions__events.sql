{# A run of events ends with a gap longer than the timeout; a run longer than the limit is cut every so many hours from
   its first event (S1). Both windows go by visitor, so a merge of persons moves no session. #}
{%- set timeout = "interval '" ~ var('session_timeout_minutes') ~ " minutes'" -%}
{%- set limit_us = var('session_max_hours') | int * 3600 * 1000000 -%}
with

events as (

    select
        *,
        coalesce(source, medium, campaign) is not null as is_tagged,
        nullif(referrer_host, page_host) as outside_host
    from {{ ref('int_web__events') }}
    where not coalesce(is_internal, false)

),

with_traffic as (

    select
        event_id,
        visitor_id,
        user_id,
        event_at,
        event_date,
        event_name,
        page_path,
        device,
        country,
        engaged_seconds,
        order_id,
        case
            when is_tagged then coalesce(source, '(not set)')
            else outside_host
        end as source,
        case
            when is_tagged then coalesce(medium, '(not set)')
            when outside_host is not null then 'referral'
        end as medium,
        campaign
    from events

),

with_run_starts as (

    select
        *,
        row_number() over visitor as event_number,
        case
            when event_at - lag(event_at) over visitor <= {{ timeout }} then null
            else event_at
        end as run_start_at
    from with_traffic
    window visitor as (partition by visitor_id order by event_at, event_id)

),

with_runs as (

    select
        * exclude (run_start_at),
        max(run_start_at) over (
            partition by visitor_id order by event_number rows between unbounded preceding and current row
        ) as run_started_at
    from with_run_starts

),

with_micros as (

    select
        * exclude (run_started_at),
        {{ epoch_micros('run_started_at') }} as run_started_us,
        {{ epoch_micros('event_at') }} as event_us
    from with_runs

),

with_sessions as (

    select
        * exclude (run_started_us, event_us),
        visitor_id || '-' || run_started_us || '-' || greatest(event_us - run_started_us - 1, 0) // {{ limit_us }}
            as session_id
    from with_micros

)

select * from with_sessions

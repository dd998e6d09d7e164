{# A run of events ends with a gap longer than the timeout, and at a change of campaign where that is asked for; a run
   longer than the limit is cut every so many hours from its first event (S1). All windows go by visitor, so a merge of
   persons moves no session. They sort ten times as many rows as there are sessions, so they carry narrow columns only,
   and events of one instant share their session: no order among them is needed. #}
{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}{{ recounted_visitors() }}{% endcall %}
{%- set timeout_us = var('session_timeout_minutes') | int * 60 * 1000000 -%}
{%- set limit_us = var('session_max_hours') | int * 3600 * 1000000 -%}
{%- set splits = var('session_split_on_campaign') -%}
{%- set until_now = 'order by event_at range between unbounded preceding and current row' -%}
with

events as (

    select
        visitor_id,
        event_at,
        event_name = 'page_view' as is_view,
        event_name in (select event_name from {{ source('workspace', 'conversion_events') }}) as is_conversion,
        cast(engaged_seconds as decimal(18, 3)) as engaged_seconds,
        page_path is not null as has_page,
        {{ has_origin() }} as has_origin
        {%- if splits %},
        case when {{ is_tagged() }} then concat_ws(chr(1), coalesce(source, ''), coalesce(medium, ''), coalesce(campaign, ''))
            end as campaign_key
        {%- endif %}
    from {{ sliced(ref('int_traffic__events'), 'visitor_id') }}
    where visitor_id is not null

),

with_gaps as (

    select
        *,
        case
            when {{ epoch_micros('event_at') }} - {{ epoch_micros('lag(event_at) over visitor') }} <= {{ timeout_us }}
                then null
            else event_at
        end as run_start_at
    from events
    window visitor as (partition by visitor_id order by event_at)

),

with_runs as (

    select
        * exclude (run_start_at),
        max(run_start_at) over (partition by visitor_id {{ until_now }}) as run_started_at
    from with_gaps

),

{% if splits -%}
with_campaigns as (

    select
        *,
        last_value(campaign_key ignore nulls) over visitor as last_campaign_key,
        max(case when campaign_key is not null then event_at end) over visitor as last_campaign_at
    from with_runs
    window visitor as (
        partition by visitor_id order by event_at, campaign_key rows between unbounded preceding and 1 preceding
    )

),

with_splits as (

    select
        * exclude (run_started_at, campaign_key, last_campaign_key, last_campaign_at),
        max(
            case
                when campaign_key <> last_campaign_key and last_campaign_at >= run_started_at then event_at
                else run_started_at
            end
        ) over (partition by visitor_id {{ until_now }}) as run_started_at
    from with_campaigns

),

{% endif -%}
with_micros as (

    select
        * exclude (run_started_at),
        {{ epoch_micros('event_at') }} as event_us,
        {{ epoch_micros('run_started_at') }} as run_started_us
    from {{ 'with_splits' if splits else 'with_runs' }}

),

with_clock as (

    select
        * exclude (event_us, run_started_us),
        {{ timestamp_from_micros('run_started_us + greatest(event_us - run_started_us - 1, 0) // ' ~ limit_us ~ ' * ' ~ limit_us) }}
            as session_clock_at
    from with_micros

)

select * from with_clock

{# What led to each conversion (T3): the person's sessions in the look-back up to it, cleaned and counted.

   conversions: conversion_kind, conversion_id, person_id, conversion_at, conversion_date, maturity, session_id (the
   converting one, if known), touched_until, previous_conversion_at. sessions: as fct_sessions. rules: lookback_days,
   deal_lookback_days, lookback_touches, conversion_cycles, converting_session, drop_direct, path ('unique', 'exposure' or 'first'),
   exclude_channels, exclude_hosts. Equal times go by session id; nothing depends on the order of rows. #}
{% macro attribution_touches(conversions, sessions, rules) -%}
select
    conversion_kind, conversion_id, person_id, conversion_at, conversion_date, maturity,
    session_id, touch_at, touch_date, channel, channel_class, campaign, source, medium,
    cast(least(path_touches, {{ rules.lookback_touches }}) - touches_to_go + 1 as integer) as touch_index,
    cast(least(path_touches, {{ rules.lookback_touches }}) as integer) as touches
from (
    select
        *,
        count(*) over (partition by conversion_kind, conversion_id) as path_touches,
        row_number() over (
            partition by conversion_kind, conversion_id order by touch_at desc, session_id desc
        ) as touches_to_go
    from ({{ attribution_cleaned(attribution_joined(conversions, sessions, rules), rules) }}) as cleaned
) as counted
where touches_to_go <= {{ rules.lookback_touches }}
{%- endmacro %}

{# Each conversion with the sessions that may be its touches. #}
{% macro attribution_joined(conversions, sessions, rules) -%}
select
    conversions.conversion_kind, conversions.conversion_id, conversions.person_id, conversions.conversion_at,
    conversions.conversion_date, conversions.maturity,
    sessions.session_id, sessions.session_started_at as touch_at, sessions.session_date as touch_date,
    sessions.channel, sessions.channel_class, sessions.campaign, sessions.source, sessions.medium
from {{ conversions }} as conversions
inner join {{ sessions }} as sessions
    on conversions.person_id = sessions.person_id
    and sessions.session_started_at <= conversions.touched_until
    and sessions.session_started_at >= conversions.conversion_at - case conversions.conversion_kind
        when 'deal' then interval '{{ rules.deal_lookback_days }}' day else interval '{{ rules.lookback_days }}' day
    end
{%- if rules.conversion_cycles %}
    and (
        conversions.previous_conversion_at is null
        or sessions.session_started_at > conversions.previous_conversion_at
        or sessions.session_id = conversions.session_id
    )
{%- endif %}
{%- if not rules.converting_session %}
    and sessions.session_id is distinct from conversions.session_id
{%- endif %}
where true
{%- for channel in rules.exclude_channels %}
    and sessions.channel <> '{{ channel | replace("'", "''") }}'
{%- endfor %}
{%- for host in rules.exclude_hosts %}
    and not coalesce('.' || lower(sessions.source) like '%.{{ host }}', false)
{%- endfor %}
{%- endmacro %}

{# Paths as they are to be read: without direct where there is anything else, and without repeats as asked. Kept are
   all touches (unique), the first of each run of one channel (exposure) or of each channel (first). #}
{% macro attribution_cleaned(joined, rules) -%}
{%- set path = 'partition by conversion_kind, conversion_id' -%}
{%- if rules.path == 'exposure' -%}
select * from ({{ attribution_directed(joined, rules, path) }}) as directed
qualify lag(channel) over ({{ path }} order by touch_at, session_id) is distinct from channel
{%- elif rules.path == 'first' -%}
select * from ({{ attribution_directed(joined, rules, path) }}) as directed
qualify row_number() over ({{ path }}, channel order by touch_at, session_id) = 1
{%- else -%}
{{ attribution_directed(joined, rules, path) }}
{%- endif -%}
{%- endmacro %}

{% macro attribution_directed(joined, rules, path) -%}
{{ joined }}
{%- if rules.drop_direct %}
qualify channel <> 'direct' or sum(case when channel <> 'direct' then 1 else 0 end) over ({{ path }}) = 0
{%- endif -%}
{%- endmacro %}

{# Journeys that did not convert, each as if it had ended with the person's last session: one per kind of conversion and
   person who came back after the last conversion of that kind, or never converted. The kinds are those of
   `all_conversions`, of which `conversions` are those of the sessions' persons. Feed them to the touches, with conversion
   cycles on. #}
{% macro attribution_trails(conversions, sessions, all_conversions) -%}
select
    kinds.conversion_kind,
    'trail ' || seen.person_id as conversion_id,
    seen.person_id,
    seen.last_session_at as conversion_at,
    cast(null as date) as conversion_date,
    cast(null as varchar) as maturity,
    cast(null as varchar) as session_id,
    seen.last_session_at as touched_until,
    converted.last_conversion_at as previous_conversion_at
from (
    select person_id, max(session_started_at) as last_session_at from {{ sessions }} group by person_id
) as seen
cross join (select distinct conversion_kind from {{ all_conversions }}) as kinds
left join (
    select conversion_kind, person_id, max(touched_until) as last_conversion_at
    from {{ conversions }}
    group by conversion_kind, person_id
) as converted
    on kinds.conversion_kind = converted.conversion_kind and seen.person_id = converted.person_id
where converted.last_conversion_at is null or seen.last_session_at > converted.last_conversion_at
{%- endmacro %}

{# The path of channels of each journey: what led to a conversion, and what did not. #}
{% macro attribution_journeys(touches, trail_touches) -%}
select
    conversion_kind, conversion_id, person_id,
    string_agg(channel, ' > ' order by touch_index) as path,
    1 as conversions
from {{ touches }}
group by conversion_kind, conversion_id, person_id
union all
select conversion_kind, conversion_id, person_id, string_agg(channel, ' > ' order by touch_index), 0
from {{ trail_touches }}
group by conversion_kind, conversion_id, person_id
{%- endmacro %}

{# Each path of channels with how often it converted and how often it did not. #}
{% macro attribution_path_counts(journeys) -%}
select
    conversion_kind,
    path,
    cast(sum(conversions) as bigint) as conversions,
    cast(sum(1 - conversions) as bigint) as nulls
from {{ journeys }}
group by conversion_kind, path
{%- endmacro %}

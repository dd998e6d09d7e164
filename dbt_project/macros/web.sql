{# Web events: where an event says it came from. #}

{# Whether the event names a source, medium or campaign. #}
{% macro is_tagged() -%}
    coalesce(source, medium, campaign) is not null
{%- endmacro %}

{# Whether the event says where its visitor came from: by a name or by another site that refers. #}
{% macro has_origin() -%}
    ({{ is_tagged() }} or coalesce(referrer_host <> page_host, referrer_host is not null))
{%- endmacro %}

{# Source that the event names, else the referring host. #}
{% macro origin_source() -%}
    case when {{ is_tagged() }} then coalesce(source, '(not set)') else nullif(referrer_host, page_host) end
{%- endmacro %}

{# Medium that the event names, else `referral`. #}
{% macro origin_medium() -%}
    case when {{ is_tagged() }} then coalesce(medium, '(not set)') else 'referral' end
{%- endmacro %}

{# Visitors of whom an event has arrived, was restated, or is no longer later than as_of. #}
{% macro touched_visitors() -%}
    select coalesce(visitor_id, '') from {{ changes('int_web__all_events') }}
    union all
    select coalesce(visitor_id, '') from {{ ref('int_web__all_events') }}
    where {{ begins_to_count('event_at') }}
{%- endmacro %}

{# Visitors whose events that count may be others than in the last run. #}
{% macro recounted_visitors() -%}
    {{ touched_visitors() }}
    union all
    select visitor_id from {{ changes('int_traffic__removed') }}
{%- endmacro %}

{# Web events: ids that say nothing, and where an event says it came from. #}

{# The id, or nothing where a tool wrote a word for "no id" in its place. #}
{% macro real_id(id) -%}
    case
        when length({{ id }}) <= 11
            and lower(trim({{ id }})) in (
                '', '0', '-', 'null', '(null)', 'none', 'nan', 'undefined', 'unknown', '(not set)', 'not set', 'n/a'
            ) then null
        when {{ id }} = '00000000-0000-0000-0000-000000000000' then null
        else {{ id }}
    end
{%- endmacro %}

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

{# How vendors write instants and amounts: whole numbers, text with an offset. #}

{# A UTC timestamp from microseconds since 1970. #}
{% macro timestamp_from_micros(column) -%}
    {{ adapter.dispatch('timestamp_from_micros', 'opsloop')(column) }}
{%- endmacro %}

{% macro default__timestamp_from_micros(column) -%}
    make_timestamp({{ column }})
{%- endmacro %}

{# An exact amount from millionths of the currency's unit. #}
{% macro from_micros(column) -%}
    cast(cast({{ column }} as decimal(20, 0)) * cast(0.000001 as decimal(7, 6)) as decimal(38, 6))
{%- endmacro %}

{# A UTC timestamp from ISO 8601 text with an offset; without one the text is UTC. #}
{% macro timestamp_from_iso(column) -%}
    {{ adapter.dispatch('timestamp_from_iso', 'opsloop')(column) }}
{%- endmacro %}

{% macro default__timestamp_from_iso(column) -%}
    timezone('UTC', cast({{ column }} as timestamptz))
{%- endmacro %}

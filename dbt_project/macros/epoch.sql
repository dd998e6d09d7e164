{# Microseconds since 1970 of a UTC timestamp. #}
{% macro epoch_micros(ts) -%}
    {{ adapter.dispatch('epoch_micros', 'opsloop')(ts) }}
{%- endmacro %}

{% macro default__epoch_micros(ts) -%}
    epoch_us({{ ts }})
{%- endmacro %}

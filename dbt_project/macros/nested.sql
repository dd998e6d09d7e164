{# Lists inside a row; each engine has its own functions. #}

{# One row per element of a list; a row with an empty list has none. #}
{% macro explode(column) -%}
    {{ adapter.dispatch('explode', 'opsloop')(column) }}
{%- endmacro %}

{% macro default__explode(column) -%}
    unnest({{ column }})
{%- endmacro %}

{# One row per part of a text; a row without a text has none. #}
{% macro explode_text(column, separator) -%}
    {{ adapter.dispatch('explode_text', 'opsloop')(column, separator) }}
{%- endmacro %}

{% macro default__explode_text(column, separator) -%}
    unnest(string_split({{ column }}, '{{ separator }}'))
{%- endmacro %}

{# The number that a list of (action_type, value) gives for one type of action. #}
{% macro action_value(column, action_type) -%}
    {{ adapter.dispatch('action_value', 'opsloop')(column, action_type) }}
{%- endmacro %}

{% macro default__action_value(column, action_type) -%}
    list_filter({{ column }}, lambda action: action.action_type = '{{ action_type }}')[1].value
{%- endmacro %}

{# Values out of GA4's lists of parameters; each engine has its own list functions. #}

{% macro event_param(key, field='string_value') -%}
    {{ adapter.dispatch('event_param', 'opsloop')(key, field) }}
{%- endmacro %}

{% macro default__event_param(key, field) -%}
    list_filter(event_params, lambda param: param.key = '{{ key }}')[1].value.{{ field }}
{%- endmacro %}

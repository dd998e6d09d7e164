{# The reporting day of a column that is a date or a UTC timestamp; only the engine knows which. #}
{% macro day_of(column) -%}
    {{ adapter.dispatch('day_of', 'opsloop')(column) }}
{%- endmacro %}

{% macro default__day_of(column) -%}
    case
        when typeof({{ column }}) = 'DATE' then cast({{ column }} as date)
        else {{ local_date('cast(' ~ column ~ ' as timestamp)') }}
    end
{%- endmacro %}

{# Money (X4): six places, rounded once for show. #}

{% macro money(expression) -%}
    cast({{ expression }} as decimal(38, 6))
{%- endmacro %}

{# An amount in the reporting currency; nothing where the rate is missing. #}
{% macro to_reporting(amount, rate) -%}
    cast({{ amount }} * {{ rate }} as decimal(38, 6))
{%- endmacro %}

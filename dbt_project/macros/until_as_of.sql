{# A UTC timestamp that already lies before as_of, else nothing: what happens later is not known yet (X10). #}
{% macro until_as_of(ts) -%}
    case when {{ ts }} < {{ as_of() }} then {{ ts }} end
{%- endmacro %}

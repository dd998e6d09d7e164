{# Which events a question means. Texts become SQL literals here and nowhere else; names of properties are checked
   before they come. Nothing here is of dbt, so that pages render it too. #}
{% macro sql_text(value) -%}
    '{{ value | replace("'", "''") }}'
{%- endmacro %}

{% macro sql_like(column, pattern) -%}
    {{ column }} like {{ sql_text(pattern | replace('^', '^^') | replace('%', '^%') | replace('_', '^_') | replace('*', '%')) }} escape '^'
{%- endmacro %}

{% macro property_matches(filter) -%}
    {%- if filter.operator == 'like' -%}
        ({% for one in filter['values'] %}{{ sql_like(filter.property, one) }}{{ ' or ' if not loop.last }}{% endfor %})
    {%- else -%}
        {%- set listed %}{{ filter.property }} {{ 'not in' if filter.operator == 'is_not' else 'in' }} (
            {%- for one in filter['values'] %}{{ sql_text(one) }}{{ ', ' if not loop.last }}{% endfor %}){% endset -%}
        {{ 'coalesce(' ~ listed ~ ', true)' if filter.operator == 'is_not' else listed }}
    {%- endif -%}
{%- endmacro %}

{# Whether an event is the one meant: its name where one is given, and every filter. #}
{% macro event_matches(one) -%}
    (
    {%- if one.event %}event_name = {{ sql_text(one.event) }}{% endif -%}
    {%- for filter in one.filters %}{{ ' and ' if one.event or not loop.first }}{{ property_matches(filter) }}{% endfor -%}
    )
{%- endmacro %}

{# A cheap first look: the names meant, where all of them are known. #}
{% macro event_is_of_interest(ones) -%}
    {%- set names = ones | map(attribute='event') | list -%}
    {%- if none in names -%}
        ({% for one in ones %}{{ event_matches(one) }}{{ ' or ' if not loop.last }}{% endfor %})
    {%- else -%}
        event_name in ({% for name in names | unique | sort %}{{ sql_text(name) }}{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}

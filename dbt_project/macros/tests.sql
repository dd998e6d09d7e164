{# Generic tests shared by all models. #}

{# The grain: the columns together name one row. Where a run replaced a slice, only what it lost or gained can break it. #}
{% test grain(model, columns) %}
    select {{ columns | join(', ') }}, count(*) as rows_of_key
    from {{ model }}
    {% if is_sliced(model) -%}
    where {{ key_hash(columns) }} in (select {{ key_hash(columns) }} from {{ slices_table(model.identifier, 'changes') }})
    {%- endif %}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}

{# Rows for which the expression does not hold. #}
{% test holds(model, expression) %}
    select * from {{ model }} where not coalesce({{ expression }}, false)
{% endtest %}

{# Rows that only one of two relations has, as often as it has them more. #}
{% macro differences(left, right, columns) -%}
    (select {{ columns }} from {{ left }} except all select {{ columns }} from {{ right }})
    union all
    (select {{ columns }} from {{ right }} except all select {{ columns }} from {{ left }})
{%- endmacro %}

{# An instant after all others. #}
{% macro end_of_time() -%}
    timestamp '9999-12-31 00:00:00'
{%- endmacro %}

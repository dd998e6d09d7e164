{# Generic tests shared by all models. #}

{# The grain: the columns together name one row. #}
{% test grain(model, columns) %}
    select {{ columns | join(', ') }}, count(*) as rows_of_key
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}

{# Rows for which the expression does not hold. #}
{% test holds(model, expression) %}
    select * from {{ model }} where not coalesce({{ expression }}, false)
{% endtest %}

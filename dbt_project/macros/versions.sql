{# Versions and keys: which row of the lake is the present one (X7), and how keys are made. #}

{# The newest version of each key: by the source's own order where it has one, else by arrival. #}
{% macro current_version(relation, keys, order_by=none) -%}
    select * from {{ relation }}
    qualify row_number() over (
        partition by {{ keys | join(', ') }}
        order by {% if order_by %}{{ order_by }} desc nulls last, {% endif %}_batch desc, _file desc, _row desc
    ) = 1
{%- endmacro %}

{# A text key over several columns; null and empty differ. #}
{% macro surrogate_key(columns) -%}
    md5(concat_ws('|', {% for column in columns %}coalesce(cast({{ column }} as varchar), '∅'){% if not loop.last %}, {% endif %}{% endfor %}))
{%- endmacro %}

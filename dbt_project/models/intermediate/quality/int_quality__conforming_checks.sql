{# Staged rows of all sources are conformed, but for those later than as_of (X10) and lines of an order not there. #}
with

orders as (

    select source_name, order_id from {{ ref('int_orders__orders') }}

),

{% for model in conformed_models() %}
{%- set looked_up = ['int_orders__orders'] if model.needs_order else [] -%}
{%- set later = model.time ~ ' >= ' ~ as_of() if model.time
    else model.day ~ ' > ' ~ as_of_date() if model.day else 'false' -%}
{{ model.name }} as (

    select
        '{{ model.name[4:] }}' as stream,
        offered.source_name,
        offered.rows as expected,
        coalesce(kept.rows, 0) as arrived,
        offered.later,
        offered.without_order
    from (
        select
            rows.source_name,
            count(*) as rows,
            count(*) filter (where rows.is_later) as later,
            {% if model.needs_order -%}
            count(*) filter (where not rows.is_later and orders.order_id is null) as without_order
            {%- else -%}
            0 as without_order
            {%- endif %}
        from (
            {%- for relation in united_by(model.of or model.name, looked_up) %}
            select
                source_name,
                {{ 'order_id' if model.needs_order else 'null as order_id' }},
                coalesce({{ later }}, false) as is_later
            from {{ relation }}
            union all
            {%- endfor %}
            select null, null, false where false
        ) as rows
        {% if model.needs_order -%}
        left join orders on rows.source_name = orders.source_name and rows.order_id = orders.order_id
        {% endif -%}
        group by rows.source_name
    ) as offered
    left join (
        select source_name, count(*) as rows from {{ ref(model.name) }} group by source_name
    ) as kept on offered.source_name = kept.source_name

),

{% endfor -%}
united as (

    {% for model in conformed_models() -%}
    select * from {{ model.name }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (

    select
        'rows_conformed' as check_name,
        source_name,
        stream,
        expected,
        arrived,
        later + without_order as left_out,
        later || ' at or after as_of, ' || without_order || ' lines without an order' as explanation
    from united

)

select * from final

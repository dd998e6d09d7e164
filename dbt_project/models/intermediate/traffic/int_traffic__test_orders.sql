{%- set fields = {
    'order_is_test': "case when is_test then 'true' end",
    'order_id': 'order_id',
    'order_status': 'status',
    'customer_id': 'customer_id',
    'order_user_id': 'user_id',
    'order_source_name': 'source_name',
} -%}
with

orders as (

    select * from {{ ref('int_orders__orders') }}

),

rules as (

    select * from {{ ref('int_traffic__rules') }}

),

matched as (

    {% for field, value in fields.items() -%}
    select orders.source_name, orders.order_id, orders.order_date, matches.rule_rank
    from orders
    inner join (
        select field_values.value, min(rules.rule_rank) as rule_rank
        from (select distinct {{ value }} as value from orders) as field_values
        inner join rules on rules.field = '{{ field }}' and regexp_full_match(field_values.value, rules.pattern, 'i')
        group by field_values.value
    ) as matches on {{ value }} = matches.value
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

first_match as (

    select source_name, order_id, order_date, min(rule_rank) as rule_rank from matched
    group by source_name, order_id, order_date

),

test_orders as (

    select first_match.*, rules.rule
    from first_match
    inner join rules on first_match.rule_rank = rules.rule_rank and rules.kind <> 'keep'

)

select * from test_orders

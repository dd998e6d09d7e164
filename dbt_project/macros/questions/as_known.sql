{# Marts as they were known at an instant (X6): versions of facts that had arrived and that no newer one had replaced.
   What other streams say of a fact (its person, channel, exchange rate, cost) is as known now. `at` is an instant,
   `today` the last day that counts then; nothing here is of dbt, so that the metrics client renders it too. #}

{# Which versions were the present ones. #}
{% macro was_present(at) -%}
    valid_from < {{ at }} and (valid_to is null or valid_to >= {{ at }})
{%- endmacro %}

{% macro fct_ad_performance_daily_as_known(twin, at, today, maturity) -%}
    select * exclude (valid_from, valid_to), {{ maturity }} as maturity
    from {{ twin }}
    where {{ was_present(at) }} and date_day <= {{ today }}
{%- endmacro %}

{% macro fct_deals_as_known(twin, at, today, maturity) -%}
    select * exclude (valid_from, valid_to), {{ maturity }} as maturity
    from {{ twin }}
    where {{ was_present(at) }} and coalesce(created_date, won_date, {{ today }}) <= {{ today }}
{%- endmacro %}

{# A person's orders are numbered among those that were known. #}
{% macro fct_orders_as_known(twin, items, refunds, at, today, maturity) -%}
    select
        *,
        order_number = 1 as is_first_order,
        case when order_number = 1 then 'one_time' when order_number < 4 then 'repeat' else 'loyal' end as segment,
        cast(case when is_cancelled then revenue_gross else revenue_gross * 0 end as decimal(38, 6))
            as revenue_cancelled,
        cast(case when is_cancelled then revenue_gross * 0 else revenue_gross end - refunds as decimal(38, 6))
            as revenue_net,
        cast(case when is_cancelled then revenue_gross * 0 else revenue_gross end - refunds - cost as decimal(38, 6))
            as gross_margin,
        {{ maturity }} as maturity
    from (
        select
            orders.* exclude (valid_from, valid_to),
            row_number() over (partition by person_id order by ordered_at, orders.order_id) as order_number,
            strftime(min(order_date) over (partition by person_id), '%Y-%m') as cohort,
            coalesce(items_of_order.items, 0) as items,
            cast(case when not is_fx_missing then coalesce(items_of_order.revenue_gross, 0) end as decimal(38, 6))
                as revenue_gross,
            cast(case when is_cancelled then 0 else coalesce(refunds_of_order.amount, 0) end as decimal(38, 6))
                as refunds,
            cast(case when is_cancelled then items_of_order.cost * 0 else items_of_order.cost end as decimal(38, 6))
                as cost
        from {{ twin }} as orders
        left join (
            select
                source_name,
                order_id,
                cast(sum(quantity) as bigint) as items,
                sum(revenue_gross) as revenue_gross,
                case when count(cost) = count(*) then sum(cost) end as cost
            from {{ items }}
            where {{ was_present(at) }}
            group by source_name, order_id
        ) as items_of_order using (source_name, order_id)
        left join (
            select source_name, order_id, sum(amount) as amount
            from {{ refunds }}
            where {{ was_present(at) }} and refund_date <= {{ today }}
            group by source_name, order_id
        ) as refunds_of_order using (source_name, order_id)
        where {{ was_present(at) }} and order_date <= {{ today }}
    ) as numbered
{%- endmacro %}

{# `orders` are the orders as known at the same instant; a line whose order was not there yet does not count. #}
{% macro fct_order_items_as_known(twin, orders, at, maturity) -%}
    select
        items.* exclude (valid_from, valid_to, cost),
        orders.person_id,
        orders.order_date,
        orders.channel,
        orders.channel_class,
        orders.segment,
        orders.currency,
        orders.cohort,
        cast(case when orders.is_cancelled then items.revenue_gross else items.revenue_gross * 0 end as decimal(38, 6))
            as revenue_cancelled,
        cast(case when orders.is_cancelled then items.cost * 0 else items.cost end as decimal(38, 6)) as cost,
        {{ maturity }} as maturity
    from {{ twin }} as items
    inner join {{ orders }} as orders using (source_name, order_id)
    where {{ was_present(at) }}
{%- endmacro %}

{% macro fct_refunds_as_known(twin, orders, at, today, maturity) -%}
    select
        refunds.* exclude (valid_from, valid_to, amount),
        orders.person_id,
        orders.order_date,
        cast(case when orders.is_cancelled then 0 else refunds.amount end as decimal(38, 6)) as refunds,
        cast(case when orders.is_cancelled then refunds.amount else 0 end as decimal(38, 6)) as refunds_of_cancelled,
        orders.channel,
        orders.channel_class,
        orders.segment,
        orders.cohort,
        {{ maturity }} as maturity
    from {{ twin }} as refunds
    inner join {{ orders }} as orders using (source_name, order_id)
    where {{ was_present(at) }} and refund_date <= {{ today }}
{%- endmacro %}

{# One line per shop. Without a currency a refund is in its order's. #}
with

exploded as (

    select
        source_name,
        order_id,
        currency,
        valid_from,
        valid_to,
        {{ explode('refunds') }} as refund
    from {{ ref('int_history__shopify_orders') }}

),

mapped as (

    select * from ({{ versions_over_time(source('mapped', 'refunds'), ['_source_name', 'refund_id']) }}) as versions

),

united as (

    select
        source_name,
        cast(refund.id as varchar) as refund_id,
        order_id,
        {{ timestamp_from_iso('refund.created_at') }} as refunded_at,
        cast(refund.amount as decimal(38, 6)) as amount_source,
        currency,
        valid_from,
        valid_to
    from exploded
    union all
    select
        _source_name,
        refund_id,
        order_id,
        refunded_at,
        cast(amount as decimal(38, 6)),
        currency,
        valid_from,
        valid_to
    from mapped

),

dated as (

    select
        united.* exclude (currency, refunded_at),
        {{ local_date('united.refunded_at') }} as refund_date,
        coalesce(united.currency, orders.currency) as currency
    from united
    left join {{ ref('int_orders__orders') }} as orders
        on united.source_name = orders.source_name and united.order_id = orders.order_id
    where {{ before_as_of('united.refunded_at') }}

)

select * from dated

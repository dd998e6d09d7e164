{# A cancellation takes what refunds have not taken already; a refund after the cancellation takes nothing more. #}
with

orders as (

    select * from {{ ref('int_scores__order_facts') }}

),

refunds as (

    select
        orders.source_name,
        orders.order_id,
        orders.person_id,
        refunds.refund_date,
        sum(coalesce(refunds.refunds, 0) + coalesce(refunds.refunds_of_cancelled, 0)) as lost
    from {{ ref('fct_refunds') }} as refunds
    inner join orders on refunds.source_name = orders.source_name and refunds.order_id = orders.order_id
    where orders.cancelled_date is null or refunds.refund_date <= orders.cancelled_date
    group by orders.source_name, orders.order_id, orders.person_id, refunds.refund_date

),

refunded as (

    select
        source_name,
        order_id,
        sum(lost) as lost
    from refunds
    group by source_name, order_id

)

select
    person_id,
    refund_date as date_day,
    refund_date as known_date,
    cast(0 as bigint) as cancellations,
    lost,
    -lost as margin
from refunds
union all by name
select
    orders.person_id,
    orders.order_date as date_day,
    orders.cancelled_date as known_date,
    cast(1 as bigint) as cancellations,
    orders.revenue - coalesce(refunded.lost, 0) as lost,
    coalesce(refunded.lost, 0) - orders.margin as margin
from orders
left join refunded on orders.source_name = refunded.source_name and orders.order_id = refunded.order_id
where orders.is_cancelled

select * from {{ ref('int_orders__all_payments') }}
where {{ before_as_of('paid_at') }}

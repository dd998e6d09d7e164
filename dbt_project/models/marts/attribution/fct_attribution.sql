{# Credit in millionths and money in cents go out by largest remainder, ties by order of touch (T2), so that each
   conversion gives away exactly itself. What a change of currency leaves under a cent stays with the first touch. #}
{%- set credit_units = 1000000 -%}
with

orders as (

    select * from {{ ref('fct_orders') }}

),

models as (

    select unnest(['first', 'last', 'linear']) as attribution_model

),

touched as (

    select
        orders.order_id as conversion_id,
        'order' as conversion_kind,
        orders.person_id,
        orders.order_date as conversion_date,
        coalesce(touches.touch_date, orders.order_date) as touch_date,
        coalesce(touches.touch_index, 1) as touch_index,
        coalesce(touches.touches, 1) as touches,
        coalesce(touches.channel, 'unattributed') as channel,
        touches.channel_class,
        touches.campaign,
        touches.source,
        touches.medium,
        coalesce(orders.revenue_gross, 0) as revenue,
        cast(floor(coalesce(orders.revenue_gross, 0) * 100) as hugeint) as cents,
        orders.maturity
    from orders
    left join {{ ref('fct_touches') }} as touches on orders.order_id = touches.conversion_id

),

shared as (

    select
        *,
        case attribution_model when 'linear' then touches else 1 end as shares,
        case attribution_model when 'linear' then touch_index else 1 end as share_index
    from touched
    cross join models
    where attribution_model = 'linear'
        or (attribution_model = 'first' and touch_index = 1)
        or (attribution_model = 'last' and touch_index = touches)

),

{# Shares of one of these models are alike, so the remainder goes to the first touches, one unit each. #}
allocated as (

    select
        *,
        {{ credit_units }} // shares + cast(share_index <= {{ credit_units }} % shares as integer) as credit,
        (cents - cents % shares) // shares
        + cast(share_index <= abs(cents % shares) as integer) * sign(cents % shares) as money,
        case when share_index = 1 then revenue - cents * 0.01 else 0 end as under_a_cent
    from shared

),

final as (

    select
        {{ surrogate_key(['conversion_kind', 'conversion_id', 'attribution_model', 'touch_index']) }} as attribution_id,
        conversion_id,
        conversion_kind,
        person_id,
        conversion_date,
        touch_date,
        touch_index,
        attribution_model,
        channel,
        channel_class,
        campaign,
        source,
        medium,
        cast(credit * 0.000001 as decimal(38, 6)) as attributed_conversions,
        cast(money * 0.01 + under_a_cent as decimal(38, 6)) as attributed_revenue,
        maturity
    from allocated

)

select * from final

with

redemptions as (

    select * from {{ ref('stg_mapped__coupon_redemptions') }}

),

conformed as (

    select
        redemption_id,
        customer_id,
        coupon_id,
        campaign_id,
        redeemed_at,
        {{ local_date('redeemed_at') }} as redeemed_date,
        source_name
    from redemptions
    where {{ before_as_of('redeemed_at') }}

)

select * from conformed

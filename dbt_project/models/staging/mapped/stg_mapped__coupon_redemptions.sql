with

source as (

    {{ current_version(source('mapped', 'coupon_redemptions'), ['_source_name', 'redemption_id']) }}

),

renamed as (

    select
        -- ids
        redemption_id,
        customer_id,
        coupon_id,
        campaign_id,

        -- dates
        redeemed_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

with

redemptions as (

    select * from {{ ref('int_campaigns__coupon_redemptions') }}

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}
    where id_kind = 'customer_id'

),

final as (

    select
        redemptions.redemption_id,
        redemptions.source_name,
        redemptions.redeemed_date,
        redemptions.coupon_id,
        redemptions.campaign_id,
        coalesce(persons.person_id, 'o_' || redemptions.source_name || '_' || redemptions.customer_id) as person_id,
        {{ maturity('redemptions.redeemed_date') }} as maturity
    from redemptions
    left join persons
        on redemptions.source_name || ':' || redemptions.customer_id = persons.id_value

)

select * from final

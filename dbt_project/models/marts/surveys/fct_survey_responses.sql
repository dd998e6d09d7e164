with

responses as (

    select * from {{ ref('int_surveys__responses') }}

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}

),

orders as (

    select source_name, order_id, person_id from {{ ref('fct_orders') }}

),

main_category as (

    select source_name, order_id, product_category
    from {{ ref('fct_order_items') }}
    qualify row_number() over (
        partition by source_name, order_id order by revenue_gross desc nulls last, order_item_id
    ) = 1

),

final as (

    select
        responses.response_id,
        responses.source_name,
        responses.response_date,
        responses.survey_kind,
        cast(responses.score as double) as score,
        coalesce(responses.survey_kind = 'nps' and responses.score >= 9, false) as is_promoter,
        coalesce(responses.survey_kind = 'nps' and responses.score <= 6, false) as is_detractor,
        coalesce(
            orders.person_id,
            by_email.person_id,
            by_customer.person_id
        ) as person_id,
        responses.order_id,
        main_category.product_category,
        responses.language,
        responses.comment,
        {{ maturity('responses.response_date') }} as maturity
    from responses
    left join orders
        on responses.source_name = orders.source_name and responses.order_id = orders.order_id
    left join main_category
        on responses.source_name = main_category.source_name and responses.order_id = main_category.order_id
    left join persons as by_email
        on by_email.id_kind = 'email_hash' and responses.email_hash = by_email.id_value
    left join persons as by_customer
        on by_customer.id_kind = 'customer_id'
        and responses.source_name || ':' || responses.customer_id = by_customer.id_value

)

select * from final

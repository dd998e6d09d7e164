{% set lapsed_after_days = 180 %}
with

orders as (

    select * from {{ ref('fct_orders') }}

),

scores as (

    select * from {{ ref('fct_customer_scores') }}
    where is_current

),

persons as (

    select
        person_id,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        min(cohort) as cohort,
        max(case when is_first_order then channel end) as acquisition_channel,
        count(*) as orders,
        sum(revenue_net) as revenue_net,
        sum(gross_margin) as gross_margin
    from orders
    group by person_id

),

final as (

    select
        persons.person_id,
        persons.first_order_date,
        persons.last_order_date,
        persons.cohort,
        persons.acquisition_channel,
        persons.orders,
        {{ money('persons.revenue_net') }} as revenue_net,
        {{ money('persons.gross_margin') }} as gross_margin,
        case when persons.orders > 1
            then (persons.last_order_date - persons.first_order_date) / (persons.orders - 1.0)
        end as average_days_between,
        case
            when persons.last_order_date + {{ lapsed_after_days }} < {{ as_of_date() }} then 'lapsed'
            when persons.orders = 1 then 'one_time'
            when persons.orders < 4 then 'repeat'
            else 'loyal'
        end as segment,
        scores.churn_probability,
        scores.churn_band,
        scores.ltv_expected,
        scores.ltv_low,
        scores.ltv_high,
        scores.scored_on
    from persons
    left join scores on persons.person_id = scores.person_id

)

select * from final

{# Each model gives away each order and each deal won exactly, unattributed included, and its money. #}
with

conversions as (

    select 'order' as conversion_kind, count(*) as conversions, coalesce(sum(revenue_gross), 0) as value
    from {{ ref('fct_orders') }}

    union all

    select 'deal', count(*), coalesce(sum(deal_value), 0)
    from {{ ref('fct_deals') }}
    where is_won

),

credits as (

    select
        conversion_kind,
        attribution_model,
        sum(attributed_conversions) as conversions,
        sum(attributed_revenue) as value,
        sum(case when channel = 'unattributed' then attributed_conversions else 0 end) as unattributed
    from {{ ref('fct_attribution') }}
    group by conversion_kind, attribution_model

),

compared as (

    select
        conversions.conversion_kind,
        'attribution ' || coalesce(credits.attribution_model, 'by none')
        || case conversions.conversion_kind when 'order' then '' else ' of ' || conversions.conversion_kind || 's' end
            as stream,
        conversions.conversions as expected_conversions,
        credits.conversions,
        conversions.value as expected_value,
        credits.value,
        credits.unattributed
    from conversions
    left join credits on conversions.conversion_kind = credits.conversion_kind
    where conversions.conversions > 0

),

checks as (

    select
        'credit_of_conversions' as check_name,
        'all' as source_name,
        stream,
        expected_conversions as expected,
        conversions as arrived,
        0 as left_out,
        cast(coalesce(unattributed, 0) as bigint) || ' of them unattributed' as explanation
    from compared

    union all

    select
        'credit_of_revenue',
        'all',
        stream,
        expected_value,
        value,
        0,
        'over all touches and the unattributed'
    from compared

)

select * from checks

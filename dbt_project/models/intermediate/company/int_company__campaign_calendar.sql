{# One line per calendar. #}
with

unioned as (

    select * from {{ ref('stg_company__campaign_calendar') }}
    union all by name
    select * from {{ ref('stg_mapped__campaign_calendar') }}

),

conformed as (

    select
        campaign_id,
        name,
        name_zh,
        kind,
        channel,
        starts_on,
        ends_on,
        cost_source,
        currency,
        goal,
        owner,
        source_name
    from unioned

)

select * from conformed

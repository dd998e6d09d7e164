{# One line per CRM. A deal won after as_of is not won yet. #}
with

unioned as (

    select * from {{ ref('int_crm__hubspot_deals') }}
    union all by name
    select * from {{ ref('stg_mapped__crm_deals') }}

),

dated as (

    select
        *,
        {{ until_as_of('won_at') }} as known_won_at
    from unioned
    where {{ before_as_of('coalesce(created_at, won_at)') }}

),

conformed as (

    select
        deal_id,
        lead_id,
        contact_id,
        stage,
        coalesce(is_won, won_at is not null) and (won_at is null or known_won_at is not null) as is_won,
        created_at,
        known_won_at as won_at,
        {{ local_date('known_won_at') }} as won_date,
        amount_source,
        currency,
        segment,
        source_name
    from dated

)

select * from conformed

{# Everybody who has answered by the end of a month stands with the last answer, so versions add up to all who answered. #}
with

consents as (

    select * from {{ ref('fct_consents') }}
    where person_id is not null

),

months as (

    select distinct cast(date_trunc('month', date_day) as date) as month
    from {{ ref('dim_dates') }}
    where date_day <= {{ as_of_date() }}

),

standing as (

    select
        months.month,
        consents.purpose,
        coalesce(consents.policy_version, '') as policy_version,
        consents.person_id,
        consents.is_granted
    from months
    inner join consents
        on cast(date_trunc('month', consents.consented_date) as date) <= months.month
    qualify row_number() over (
        partition by months.month, consents.purpose, consents.person_id
        order by consents.consented_at desc, consents.is_granted, consents.source_name desc, consents.consent_id desc
    ) = 1

),

final as (

    select
        month,
        purpose,
        policy_version,
        count(*) as persons,
        count(*) filter (where is_granted) as persons_granted,
        case when date_trunc('month', {{ as_of_date() }}) = month then 'partial' else 'mature' end as maturity
    from standing
    group by month, purpose, policy_version

)

select * from final

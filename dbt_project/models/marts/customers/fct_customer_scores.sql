{# Former person ids are resolved to the present ones (D2); whoever has not consented has no score, where consents are
   kept at all (D7). A person who was scored as two on one day keeps the score under the present name. #}
with

scores as (

    select * from {{ source('workspace', 'customer_scores') }}

),

aliases as (

    select * from {{ ref('dim_person_aliases') }}

),

kept_aliases as (

    select * from {{ source('workspace', 'person_aliases') }}

),

consents as (

    select * from {{ ref('fct_consents') }}

),

resolved as (

    select
        scores.* exclude (person_id),
        coalesce(aliases.person_id, kept_aliases.person_id, scores.person_id) as person_id,
        scores.person_id as scored_person_id
    from scores
    left join aliases on scores.person_id = aliases.former_person_id
    left join kept_aliases on scores.person_id = kept_aliases.former_person_id
    where cast(scores.scored_on as date) <= {{ as_of_date() }}

),

allowed as (

    select * from resolved
    where not exists (select 1 from consents)
        or person_id in (
            select person_id from consents
            where purpose = '{{ var("scores_purpose") }}' and is_current and is_granted
        )
    qualify row_number() over (
        partition by person_id, scored_on order by scored_person_id <> person_id, scored_person_id
    ) = 1

),

final as (

    select
        person_id,
        cast(scored_on as date) as scored_on,
        cast(churn_probability as double) as churn_probability,
        churn_band,
        churn_reason_1,
        churn_reason_2,
        churn_reason_3,
        {{ money('ltv_expected') }} as ltv_expected,
        {{ money('ltv_low') }} as ltv_low,
        {{ money('ltv_high') }} as ltv_high,
        model_version,
        cast(scored_on as date) = max(cast(scored_on as date)) over () as is_current
    from allowed

)

select * from final

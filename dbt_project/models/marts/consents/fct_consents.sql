{# An answer holds until the person's next one for the purpose; of two at one instant the refusal counts. #}
with

consents as (

    select * from {{ ref('int_consents__consents') }}

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}

),

with_person as (

    select
        consents.*,
        coalesce(
            by_user.person_id, by_email.person_id, by_phone.person_id, by_customer.person_id, by_contact.person_id
        ) as person_id
    from consents
    left join persons as by_user
        on by_user.id_kind = 'user_id' and consents.user_id = by_user.id_value
    left join persons as by_email
        on by_email.id_kind = 'email_hash' and consents.email_hash = by_email.id_value
    left join persons as by_phone
        on by_phone.id_kind = 'phone_hash' and consents.phone_hash = by_phone.id_value
    left join persons as by_customer
        on by_customer.id_kind = 'customer_id'
        and consents.source_name || ':' || consents.customer_id = by_customer.id_value
    left join persons as by_contact
        on by_contact.id_kind = 'crm_contact'
        and consents.source_name || ':' || consents.contact_id = by_contact.id_value

),

with_next as (

    select
        *,
        lead(consented_at) over (
            partition by person_id, purpose order by consented_at, is_granted desc, source_name, consent_id
        ) as next_at
    from with_person

),

final as (

    select
        consent_id,
        source_name,
        person_id,
        purpose,
        policy_version,
        is_granted,
        consented_at,
        {{ local_date('consented_at') }} as consented_date,
        case when person_id is not null then next_at end as valid_to,
        person_id is not null and next_at is null as is_current
    from with_next

)

select * from final

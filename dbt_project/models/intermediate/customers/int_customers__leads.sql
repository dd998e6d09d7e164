with

leads as (

    select * from {{ ref('int_crm__leads') }}

),

persons as (

    select * from {{ source('workspace', 'person_ids') }}

),

with_person as (

    select
        leads.*,
        coalesce(
            by_user.person_id,
            by_email.person_id,
            by_contact.person_id,
            'l_' || leads.source_name || '_' || leads.lead_id
        ) as person_id
    from leads
    left join persons as by_user
        on by_user.id_kind = 'user_id' and leads.user_id = by_user.id_value
    left join persons as by_email
        on by_email.id_kind = 'email_hash' and leads.email_hash = by_email.id_value
    left join persons as by_contact
        on by_contact.id_kind = 'crm_contact'
        and leads.source_name || ':' || leads.contact_id = by_contact.id_value

)

select * from with_person

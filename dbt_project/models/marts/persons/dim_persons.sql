with

ids as (

    select person_id, id_kind, first_seen_at from {{ source('workspace', 'person_ids') }}

),

known as (

    select
        person_id,
        min(first_seen_at) as first_seen_at,
        count(*) filter (where id_kind = 'user_id') as user_ids,
        count(*) filter (where id_kind = 'email_hash') as email_hashes,
        count(*) filter (where id_kind = 'crm_contact') as crm_contacts
    from ids
    group by person_id

),

visitors as (

    select person_id, min(owned_from) as first_seen_at from {{ ref('int_identity__visitors') }}
    group by person_id

),

{# An order that names nobody is a person of its own. #}
buyers as (

    select person_id, min(ordered_at) as first_seen_at from {{ ref('int_customers__orders') }}
    group by person_id

),

seen as (

    select person_id, first_seen_at from known
    union all
    select person_id, first_seen_at from visitors
    union all
    select person_id, first_seen_at from buyers

),

persons as (

    select
        seen.person_id,
        min(seen.first_seen_at) as first_seen_at,
        known.person_id is not null as is_known,
        coalesce(known.user_ids, 0) as user_ids,
        coalesce(known.email_hashes, 0) as email_hashes,
        coalesce(known.crm_contacts, 0) as crm_contacts
    from seen
    left join known on seen.person_id = known.person_id
    group by all

)

select * from persons

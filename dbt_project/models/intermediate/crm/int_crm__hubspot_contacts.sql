with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}

),

merged_ids as (

    select
        contact_id,
        coalesce(updated_at, created_at) as changed_at,
        {{ explode_text('merged_contact_ids', ';') }} as merged_id
    from contacts

),

merges as (

    select
        trim(merged_id) as merged_contact_id,
        max_by(contact_id, changed_at) as survivor_id
    from merged_ids
    where trim(merged_id) not in ('', contact_id)
    group by all

),

conformed as (

    select
        contacts.contact_id,
        merges.survivor_id as merged_into_contact_id,
        contacts.email_hash,
        {{ real_id('contacts.user_id') }} as user_id,
        contacts.created_at,
        contacts.updated_at,
        contacts.lifecycle_stage,
        nullif(trim(contacts.origin), '') as origin,
        {{ url_path('contacts.first_url') }} as landing_page,
        contacts.source_name
    from contacts
    left join merges on contacts.contact_id = merges.merged_contact_id

)

select * from conformed

{# A person is named by its earliest id, so whoever an id named before a merge is now whoever has that id. #}
with

ids as (

    select
        person_id,
        {{ person_named_by('id_kind', 'id_value') }} as former_person_id
    from {{ source('workspace', 'person_ids') }}

),

final as (

    select former_person_id, person_id from ids
    where former_person_id <> person_id

)

select * from final

with

former as (

    select * from {{ source('workspace', 'person_history') }}

),

present as (

    select * from {{ source('workspace', 'person_ids') }}

),

last_change as (

    select id_kind, id_value, max(valid_to) as valid_to from former
    group by id_kind, id_value

),

final as (

    select id_kind, id_value, person_id, valid_from, valid_to, false as is_current from former
    union all
    select
        present.id_kind,
        present.id_value,
        present.person_id,
        coalesce(last_change.valid_to, present.first_seen_at) as valid_from,
        null as valid_to,
        true as is_current
    from present
    left join last_change
        on present.id_kind = last_change.id_kind and present.id_value = last_change.id_value

)

select * from final

with

history as (

    select * from {{ source('workspace', 'person_history') }}

),

final as (

    select
        id_kind,
        id_value,
        person_id,
        valid_from,
        valid_to,
        valid_to is null as is_current
    from history

)

select * from final

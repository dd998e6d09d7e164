with

audit as (

    select * from {{ source('workspace', 'identity_audit') }}

),

words as (

    select * from {{ ref('int_identity__empty_ids') }}

),

united as (

    select reason, id_kind, id_value, other_kind, other_value, seen, most, first_seen_at from audit
    union all
    select 'not_an_id', id_kind, written, null, null, rows_seen, null, first_seen_at from words

),

final as (

    select
        {{ surrogate_key(['reason', 'id_kind', 'id_value', 'other_kind', 'other_value']) }} as held_back_id,
        reason,
        id_kind,
        id_value,
        other_kind,
        other_value,
        seen,
        most,
        first_seen_at
    from united

)

select * from final

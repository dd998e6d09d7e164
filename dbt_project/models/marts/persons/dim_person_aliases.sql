{# A person is named by its earliest id, so whoever an id named before a merge is now whoever has that id. Who was only a
   browser, an order or a lead is now whoever it belongs to; a browser with several owners goes to the first (D1). #}
with

ids as (

    select
        person_id,
        {{ person_named_by('id_kind', 'id_value') }} as former_person_id
    from {{ source('workspace', 'person_ids') }}

),

visitors as (

    select
        'v_' || visitor_id as former_person_id,
        arg_min(person_id, owned_from) as person_id
    from {{ ref('int_identity__visitors') }}
    where is_known
    group by visitor_id

),

orders as (

    select
        person_id,
        'o_' || source_name || '_' || order_id as former_person_id
    from {{ ref('int_customers__orders') }}

),

leads as (

    select
        person_id,
        'l_' || source_name || '_' || lead_id as former_person_id
    from {{ ref('int_customers__leads') }}

),

final as (

    select former_person_id, person_id from ids
    where former_person_id <> person_id
    union all
    select former_person_id, person_id from visitors
    union all
    select former_person_id, person_id from orders
    where former_person_id not in (select person_id from orders)
    union all
    select former_person_id, person_id from leads
    where former_person_id <> person_id

)

select * from final

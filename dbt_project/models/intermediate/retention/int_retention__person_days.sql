{{ config(materialized='slices', key='person_id') }}
{% call reach() %}
    select person_id from {{ changes('int_sessions__resolved') }}
    union all
    select person_id from {{ changes('int_customers__orders') }}
{% endcall %}
with

of_one_kind as (

    select distinct 'session' as activity, person_id, session_date as active_date
    from {{ sliced(ref('int_sessions__resolved'), 'person_id') }}
    union all
    select distinct 'order' as activity, person_id, order_date as active_date from {{ sliced(ref('int_customers__orders'), 'person_id') }}

),

of_any_kind as (

    select activity, person_id, active_date from of_one_kind
    union all
    select distinct 'any' as activity, person_id, active_date from of_one_kind

),

person_days as (

    select * from of_any_kind
    where person_id is not null and active_date is not null

)

select * from person_days

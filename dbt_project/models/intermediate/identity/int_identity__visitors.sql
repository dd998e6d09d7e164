{# Who owns a browser when (D1, D2, D5): the first login owns it backwards, another person's login takes it over from
   then on. A purchase names its buyer, so it counts as a login, where no user id says more. Each part reads its events
   itself: kept for all three, they would fill the memory. #}
{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}
    {{ recounted_visitors() }}
    union all
    select visitor_id from {{ ref('int_traffic__events') }}
    where user_id in (select id_value from {{ changes('int_identity__person_ids') }} where id_kind = 'user_id')
    union all
    select visitor_id from {{ ref('int_traffic__events') }}
    where order_id in (select order_id from {{ changes('int_customers__orders') }})
{% endcall %}
with

users as (

    select id_value as user_id, person_id from {{ ref('int_identity__person_ids') }}
    where id_kind = 'user_id'

),

buyers as (

    select order_id, min(person_id) as person_id from {{ ref('int_customers__orders') }}
    group by order_id

),

visitors as (

    select visitor_id, min(event_at) as first_event_at from {{ sliced(ref('int_traffic__events'), 'visitor_id') }}
    where visitor_id is not null
    group by visitor_id

),

logged_in as (

    select events.visitor_id, events.event_at, events.event_id, users.person_id
    from {{ sliced(ref('int_traffic__events'), 'visitor_id') }} as events
    inner join users on events.user_id = users.user_id
    where events.visitor_id is not null

),

bought as (

    select events.visitor_id, events.event_at, events.event_id, buyers.person_id
    from {{ sliced(ref('int_traffic__events'), 'visitor_id') }} as events
    inner join buyers on events.order_id = buyers.order_id
    where events.visitor_id is not null and events.user_id is null

),

named as (

    select * from logged_in
    union all
    select * from bought

),

{# Of logins at one instant the last by event id counts, so that no interval is empty. #}
logins as (

    select visitor_id, event_at, person_id from named
    where person_id is not null
    qualify event_at is distinct from lead(event_at) over (partition by visitor_id order by event_at, event_id)

),

takeovers as (

    select *, row_number() over (partition by visitor_id order by event_at) = 1 as is_first
    from logins
    qualify coalesce(lag(person_id) over (partition by visitor_id order by event_at), '') <> person_id

),

intervals as (

    select
        visitors.visitor_id,
        coalesce(takeovers.person_id, 'v_' || visitors.visitor_id) as person_id,
        takeovers.person_id is not null as is_known,
        case when takeovers.is_first = false then takeovers.event_at else visitors.first_event_at end as owned_from,
        lead(takeovers.event_at) over (partition by visitors.visitor_id order by takeovers.event_at) as owned_to
    from visitors
    left join takeovers on visitors.visitor_id = takeovers.visitor_id

)

select * from intervals

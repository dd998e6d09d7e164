{# Who owns a browser when (D1, D2, D5): the first login owns it backwards, another person's login takes it over from
   then on. A purchase names its buyer, so it counts as a login, where no user id says more. A condition on one side
   alone would turn the join into a loop over all pairs. #}
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

events as (

    select visitor_id, event_id, event_at, order_id, user_id
    from {{ sliced(ref('int_traffic__events'), 'visitor_id') }}
    where visitor_id is not null

),

users as (

    select id_value as user_id, person_id from {{ ref('int_identity__person_ids') }}
    where id_kind = 'user_id'

),

buyers as (

    select order_id, min(person_id) as person_id from {{ ref('int_customers__orders') }}
    group by order_id

),

visitors as (

    select visitor_id, min(event_at) as first_event_at from events
    group by visitor_id

),

named as (

    select
        events.visitor_id,
        events.event_at,
        events.event_id,
        coalesce(users.person_id, buyers.person_id) as person_id
    from events
    left join users on events.user_id = users.user_id
    left join buyers on case when events.user_id is null then events.order_id end = buyers.order_id
    where events.user_id is not null or events.order_id is not null

),

{# Of logins at one instant the last by event id counts, so that no interval is empty. #}
logins as (

    select * from named
    where person_id is not null
    qualify row_number() over (partition by visitor_id, event_at order by event_id desc) = 1

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

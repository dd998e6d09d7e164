{# A session joins its person's features once the visitor was known to be that person: a later login must not tell. #}
with

events as (

    select * from {{ ref('int_web__events') }} where user_id is not null or order_id is not null

),

persons as (

    select * from {{ source('workspace', 'person_ids') }} where id_kind = 'user_id'

),

buyers as (

    select
        order_id,
        min(person_id) as person_id
    from {{ ref('fct_orders') }}
    group by order_id

),

logins as (

    select
        events.visitor_id,
        coalesce(persons.person_id, buyers.person_id) as person_id,
        min(events.event_date) as login_date
    from events
    left join persons on events.user_id = persons.id_value
    left join buyers on events.order_id = buyers.order_id
    group by events.visitor_id, coalesce(persons.person_id, buyers.person_id)

),

sessions as (

    select
        sessions.person_id,
        sessions.session_date as date_day,
        greatest(sessions.session_date, logins.login_date) as known_date
    from {{ ref('fct_sessions') }} as sessions
    inner join logins
        on sessions.visitor_id = logins.visitor_id and sessions.person_id = logins.person_id

)

select
    person_id,
    date_day,
    known_date,
    count(*) as sessions
from sessions
group by person_id, date_day, known_date

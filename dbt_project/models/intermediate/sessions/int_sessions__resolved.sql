{{ config(materialized='slices', key='visitor_id') }}
{% call reach() %}
    select key from {{ reach_of('int_sessions__events') }}
    union all
    select visitor_id from {{ changes('int_identity__visitors') }}
{% endcall %}
with

sessions as (

    select * from {{ sliced(ref('int_sessions__sessions'), 'visitor_id') }}

),

owners as (

    select * from {{ sliced(ref('int_identity__visitors'), 'visitor_id') }}

),

channels as (

    select * from {{ ref('int_channels__combinations') }}

),

{# A session that changes hands is its last owner's: who logs in at the checkout came through its first page. #}
with_person as (

    select sessions.*, owners.person_id
    from sessions
    asof left join owners
        on sessions.visitor_id = owners.visitor_id and sessions.session_ended_at >= owners.owned_from

),

with_channel as (

    select with_person.*, channels.channel, channels.channel_class
    from with_person
    left join channels
        on with_person.source = channels.source
        and with_person.medium = channels.medium
        and with_person.campaign = channels.campaign

)

select * from with_channel

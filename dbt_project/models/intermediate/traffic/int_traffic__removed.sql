{# Rules see each value of a field once, as text; events find their rule by the value itself. Events are read column by
   column, never as a whole. #}
{{ config(materialized='slices', key="coalesce(visitor_id, '')") }}
{% call reach() %}
    {{ touched_visitors() }}
    union all
    select coalesce(events.visitor_id, '')
    from {{ ref('int_web__events') }} as events
    where events.order_id in (select order_id from {{ changes('int_traffic__test_orders') }})
{% endcall %}
{%- set events = sliced(ref('int_web__events'), "coalesce(visitor_id, '')") -%}
{%- set fields = {'event_date': 'date', 'has_visitor': 'boolean'} -%}
{%- for field in [
    'traffic_type', 'browser', 'user_agent', 'page_host', 'page_path', 'referrer_host', 'source', 'country', 'user_id',
    'source_name'
] -%}
{%- do fields.update({field: 'varchar'}) -%}
{%- endfor -%}
with

rules as (

    select * from {{ ref('int_traffic__rules') }}

),

{% for field, type in fields.items() -%}
{%- set value = 'visitor_id is not null' if field == 'has_visitor' else field -%}
{{ field }}_events as (

    select events.event_id, matches.rule_rank
    from {{ events }} as events
    inner join (
        select seen.value, min(rules.rule_rank) as rule_rank
        from (select distinct {{ value }} as value from {{ events }}) as seen
        inner join rules
            on rules.field = '{{ field }}' and regexp_full_match(cast(seen.value as varchar), rules.pattern, 'i')
        group by seen.value
    ) as matches on ({{ value }}) = matches.value

),

{% endfor -%}
{# A visitor of so many events on a day is a machine, on that day. #}
busy_days as (

    select days.visitor_id, days.event_date, min(rules.rule_rank) as rule_rank
    from (
        select visitor_id, event_date, count(*) as events from {{ events }}
        where visitor_id is not null
        group by visitor_id, event_date
    ) as days
    inner join rules on rules.field = 'events_per_day' and days.events >= rules.at_least
    group by days.visitor_id, days.event_date

),

busy_events as (

    select events.event_id, busy_days.rule_rank
    from {{ events }} as events
    inner join busy_days on events.visitor_id = busy_days.visitor_id and events.event_date = busy_days.event_date

),

test_purchases as (

    select events.event_id, min(test_orders.rule_rank) as rule_rank
    from {{ events }} as events
    inner join {{ ref('int_traffic__test_orders') }} as test_orders on events.order_id = test_orders.order_id
    group by events.event_id

),

matched as (

    {% for field in fields -%}
    select * from {{ field }}_events
    union all
    {% endfor -%}
    select * from busy_events
    union all
    select * from test_purchases

),

first_match as (

    select event_id, min(rule_rank) as rule_rank from matched
    group by event_id

),

removed as (

    select
        events.event_id,
        events.visitor_id,
        events.event_at,
        events.event_date,
        first_match.rule_rank,
        rules.rule,
        rules.kind
    from first_match
    inner join rules on first_match.rule_rank = rules.rule_rank and rules.kind <> 'keep'
    inner join {{ events }} as events on first_match.event_id = events.event_id

)

select * from removed

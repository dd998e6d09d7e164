{# Rules see each value of a field once. A field whose values no rule matches costs one reading of its column. #}
{%- set fields = {
    'visitor': "case when visitor_id is null then 'none' end",
    'event_date': 'cast(event_date as varchar)',
    'traffic_type': 'traffic_type',
    'browser': 'browser',
    'user_agent': 'user_agent',
    'page_host': 'page_host',
    'page_path': 'page_path',
    'referrer_host': 'referrer_host',
    'source': 'source',
    'country': 'country',
    'user_id': 'user_id',
    'source_name': 'source_name',
} -%}
with

events as (

    select * from {{ ref('int_web__events') }}

),

rules as (

    select * from {{ ref('int_traffic__rules') }}

),

{% for field, value in fields.items() -%}
{{ field }}_values as (

    select {{ field }}_of.value, min(rules.rule_rank) as rule_rank
    from (select distinct {{ value }} as value from events) as {{ field }}_of
    inner join rules on rules.field = '{{ field }}' and regexp_full_match({{ field }}_of.value, rules.pattern, 'i')
    group by {{ field }}_of.value

),

{% endfor -%}
{# A visitor of so many events on a day is a machine, on that day. #}
busy_days as (

    select days.visitor_id, days.event_date, min(rules.rule_rank) as rule_rank
    from (select visitor_id, event_date, count(*) as events from events group by visitor_id, event_date) as days
    inner join rules on rules.field = 'events_per_day' and days.events >= rules.at_least
    where days.visitor_id is not null
    group by days.visitor_id, days.event_date

),

test_orders as (

    select order_id, min(rule_rank) as rule_rank from {{ ref('int_traffic__test_orders') }}
    group by order_id

),

matched as (

    {% for field, value in fields.items() -%}
    select events.event_id, matches.rule_rank
    from events
    inner join {{ field }}_values as matches on {{ value }} = matches.value
    union all
    {% endfor -%}
    select events.event_id, busy_days.rule_rank
    from events
    inner join busy_days on events.visitor_id = busy_days.visitor_id and events.event_date = busy_days.event_date
    union all
    select events.event_id, test_orders.rule_rank
    from events
    inner join test_orders on events.order_id = test_orders.order_id

),

first_match as (

    select event_id, min(rule_rank) as rule_rank from matched
    group by event_id

),

removed as (

    select events.event_id, events.visitor_id, events.event_at, events.event_date, rules.rule, rules.kind
    from first_match
    inner join rules on first_match.rule_rank = rules.rule_rank and rules.kind <> 'keep'
    inner join events on first_match.event_id = events.event_id

)

select * from removed

{# Nothing more is expected of a stream between its last day and the next one by its habit. One that is silent for longer
   than it takes to be noticed has ended: nobody waits for it, though the freshness page still calls it late. #}
{% set days_for_a_habit = 10 %}
{% set longest_wait_days = 28 %}
{% set topics = {
    'web': ['int_web__events'],
    'orders': ['int_orders__orders'],
    'payments': ['int_orders__payments'],
    'ads': ['int_ads__performance'],
    'leads': ['int_crm__leads'],
    'deals': ['int_crm__deals'],
    'attribution': ['int_web__events', 'int_orders__orders'],
    'retention': ['int_web__events', 'int_orders__orders'],
    'lifecycle': ['int_web__events', 'int_orders__orders'],
    'funnel': ['int_web__events'],
    'cohorts': ['int_orders__orders'],
    'search': ['int_search__performance'],
    'content': ['int_web__events'],
    'social': ['int_social__posts'],
    'mentions': ['int_social__mentions'],
    'messages': ['int_messages__messages'],
    'surveys': ['int_surveys__responses'],
    'private': ['int_private__contact_daily'],
} %}
with

topics as (

    select cast(null as varchar) as topic, cast(null as varchar) as source, cast(null as varchar) as stream
    where false
    {% for topic, models in topics.items() %}{% for model in models %}{% for source, stream in streams_of(model) %}
    union
    select '{{ topic }}', '{{ source }}', '{{ stream }}'
    {% endfor %}{% endfor %}{% endfor %}

),

awaited as (

    select
        days.source,
        days.stream,
        days.last_day + cast(days.usual_gap_days - 1 as integer) as arrived_until
    from {{ ref('int_quality__stream_days') }} as days
    inner join {{ source('workspace', 'streams') }} as streams
        on days.source = streams.source and days.stream = streams.stream
    where streams.is_on
        and days.days >= {{ days_for_a_habit }}
        and days.last_day + greatest({{ longest_wait_days }}, cast(4 * days.usual_gap_days as integer)) >= {{ as_of_date() }}

),

final as (

    select
        topics.topic,
        cast(least(min(awaited.arrived_until), max({{ as_of_date() }})) as date) as arrived_until,
        string_agg(
            awaited.source || '/' || awaited.stream, ', ' order by awaited.source, awaited.stream
        ) filter (where awaited.arrived_until + 1 < {{ as_of_date() }}) as awaited_streams
    from topics
    left join awaited on topics.source = awaited.source and topics.stream = awaited.stream
    group by topics.topic

)

select topic, coalesce(arrived_until, {{ as_of_date() }}) as arrived_until, awaited_streams
from final

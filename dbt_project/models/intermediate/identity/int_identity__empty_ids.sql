{# What is written where an id should be and is none (D3), counted by the word. Hashed ids were sifted on the way in. #}
{%- set places = [
    ('int_web__ga4_events', 'event_at', ['user_id', 'visitor_id']),
    ('stg_mapped__web_events', 'event_at', ['user_id', 'visitor_id']),
    ('int_crm__contacts', 'created_at', ['user_id', 'contact_id', 'openid', 'unionid', 'external_userid']),
    ('int_crm__leads', 'first_contact_at', ['user_id', 'contact_id']),
    ('int_orders__orders', 'ordered_at', ['user_id', 'customer_id']),
    ('int_messages__messages', 'sent_at', ['customer_id']),
    ('int_surveys__responses', 'responded_at', ['customer_id']),
    ('int_consents__consents', 'consented_at', ['user_id', 'customer_id', 'contact_id']),
] -%}
with

written as (

    {% for model, time, columns in places -%}
    {% for column in columns -%}
    select '{{ column }}' as id_kind, lower(trim({{ column }})) as written, {{ time }} as seen_at
    from {{ ref(model) }}
    where {{ column }} is not null and {{ real_id(column) }} is null
    union all
    {% endfor -%}
    {% endfor %}
    select null, null, null where false

),

counted as (

    select
        id_kind,
        written,
        count(*) as rows_seen,
        min(seen_at) as first_seen_at
    from written
    group by id_kind, written

)

select * from counted

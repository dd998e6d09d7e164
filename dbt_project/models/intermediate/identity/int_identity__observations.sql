{# One line per place where ids of a person are seen together. Ids that a source counts for itself carry its name. #}
{%- set order_id_columns = "user_id, email_hash, null as contact_id, customer_id" -%}
with

web as (

    select source_name, user_id, null as email_hash, null as contact_id, null as customer_id, event_at as seen_at
    from {{ ref('int_web__events') }}
    where user_id is not null

),

contacts as (

    select source_name, user_id, email_hash, contact_id, null as customer_id, created_at as seen_at
    from {{ ref('int_crm__contacts') }}

),

leads as (

    select source_name, user_id, email_hash, contact_id, null as customer_id, first_contact_at as seen_at
    from {{ ref('int_crm__leads') }}

),

orders as (

    select source_name, {{ order_id_columns }}, ordered_at as seen_at
    from {{ ref('int_orders__orders') }}
    where not coalesce(is_test, false)

),

messages as (

    select source_name, null as user_id, email_hash, null as contact_id, customer_id, sent_at as seen_at
    from {{ ref('int_messages__messages') }}

),

surveys as (

    select source_name, null as user_id, email_hash, null as contact_id, customer_id, responded_at as seen_at
    from {{ ref('int_surveys__responses') }}

),

seen as (

    {% for place in ['web', 'contacts', 'leads', 'orders', 'messages', 'surveys'] %}
    select * from {{ place }}
    {% if not loop.last %}union all by name{% endif %}
    {% endfor %}

),

observations as (

    select
        source_name,
        nullif(user_id, '') as user_id,
        nullif(email_hash, '') as email_hash,
        source_name || ':' || nullif(contact_id, '') as crm_contact,
        source_name || ':' || nullif(customer_id, '') as customer_id,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at
    from seen
    group by all

)

select * from observations

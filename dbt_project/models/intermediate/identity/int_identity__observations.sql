{# One line per place where ids of a person are seen together. Ids that a source counts for itself carry its name. #}
with

web as (

    select source_name, user_id, event_at as seen_at
    from {{ ref('int_web__events') }}
    where user_id is not null

),

contacts as (

    select
        source_name, user_id, email_hash, phone_hash, contact_id, openid, unionid, external_userid,
        created_at as seen_at
    from {{ ref('int_crm__contacts') }}

),

leads as (

    select source_name, user_id, email_hash, contact_id, first_contact_at as seen_at
    from {{ ref('int_crm__leads') }}

),

orders as (

    select
        orders.source_name, orders.user_id, orders.email_hash, orders.phone_hash, orders.customer_id,
        orders.ordered_at as seen_at
    from {{ ref('int_orders__orders') }} as orders
    anti join {{ ref('int_traffic__test_orders') }} as tests
        on orders.source_name = tests.source_name and orders.order_id = tests.order_id

),

messages as (

    select source_name, email_hash, customer_id, sent_at as seen_at
    from {{ ref('int_messages__messages') }}

),

surveys as (

    select source_name, email_hash, customer_id, responded_at as seen_at
    from {{ ref('int_surveys__responses') }}

),

consents as (

    select source_name, user_id, email_hash, phone_hash, contact_id, customer_id, consented_at as seen_at
    from {{ ref('int_consents__consents') }}

),

seen as (

    {% for place in ['web', 'contacts', 'leads', 'orders', 'messages', 'surveys', 'consents'] %}
    select '{{ place }}' as place, * from {{ place }}
    {% if not loop.last %}union all by name{% endif %}
    {% endfor %}

),

observations as (

    select
        place,
        source_name,
        {{ real_id('user_id') }} as user_id,
        {{ real_id('email_hash') }} as email_hash,
        {{ real_id('phone_hash') }} as phone_hash,
        source_name || ':' || {{ real_id('contact_id') }} as crm_contact,
        source_name || ':' || {{ real_id('customer_id') }} as customer_id,
        source_name || ':' || {{ real_id('openid') }} as openid,
        {{ real_id('unionid') }} as unionid,
        {{ real_id('external_userid') }} as external_userid,
        min(seen_at) as first_seen_at,
        max(seen_at) as last_seen_at
    from seen
    group by all

)

select * from observations

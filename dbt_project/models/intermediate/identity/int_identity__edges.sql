{# Each pair of ids seen together, and each id with itself, so that an id seen alone is a person too. #}
{%- set kinds = ['user_id', 'email_hash', 'crm_contact', 'customer_id'] -%}
with

observations as (

    select * from {{ ref('int_identity__observations') }}

),

pairs as (

    {% for a in kinds -%}
    {% set outer = loop -%}
    {% for b in kinds[loop.index0:] -%}
    select
        '{{ a }}' as id_kind_a,
        {{ a }} as id_a,
        '{{ b }}' as id_kind_b,
        {{ b }} as id_b,
        source_name,
        first_seen_at,
        last_seen_at
    from observations
    where {{ a }} is not null{% if a != b %} and {{ b }} is not null{% endif %}
    {% if not (loop.last and outer.last) %}union all{% endif %}
    {% endfor -%}
    {% endfor %}

),

edges as (

    select
        id_kind_a,
        id_a,
        id_kind_b,
        id_b,
        source_name,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at
    from pairs
    group by id_kind_a, id_a, id_kind_b, id_b, source_name

)

select * from edges

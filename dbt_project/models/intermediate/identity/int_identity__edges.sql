{# Each pair of ids seen together, and each id with itself, so that an id seen alone is a person too. #}
{%- set kinds = id_kinds() -%}
with

observations as (

    select * from {{ ref('int_identity__observations') }}

),

{# The CRM itself says who is the same: a contact merged away keeps its id as an edge to the survivor (D6). #}
merges as (

    select
        source_name,
        source_name || ':' || contact_id as merged_id,
        source_name || ':' || merged_into_contact_id as survivor_id,
        coalesce(updated_at, created_at) as merged_at
    from {{ ref('int_crm__contacts') }}
    where {{ real_id('contact_id') }} is not null and {{ real_id('merged_into_contact_id') }} is not null

),

pairs as (

    {% for a in kinds -%}
    {% for b in kinds[loop.index0:] -%}
    select
        '{{ a }}' as id_kind_a,
        {{ a }} as id_a,
        '{{ b }}' as id_kind_b,
        {{ b }} as id_b,
        place,
        source_name,
        first_seen_at,
        last_seen_at
    from observations
    where {{ a }} is not null{% if a != b %} and {{ b }} is not null{% endif %}
    union all
    {% endfor -%}
    {% endfor %}
    select 'crm_contact', merged_id, 'crm_contact', survivor_id, 'crm_merges', source_name, merged_at, merged_at
    from merges

),

edges as (

    select
        pairs.id_kind_a,
        pairs.id_a,
        pairs.id_kind_b,
        pairs.id_b,
        pairs.source_name,
        min(pairs.first_seen_at) as first_seen_at,
        max(pairs.last_seen_at) as last_seen_at,
        max(places.confidence) as confidence
    from pairs
    inner join {{ ref('identity_places') }} as places on pairs.place = places.place
    group by id_kind_a, id_a, id_kind_b, id_b, source_name

)

select * from edges

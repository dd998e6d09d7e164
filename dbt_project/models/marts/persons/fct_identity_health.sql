{# How well persons are known (D8). A made-up person (`v_`, `o_`, `l_`) is none that could be given. #}
{%- set made_up = "coalesce(left(person_id, 2), '') <> 'p_'" -%}
with

ids as (

    select person_id, id_kind, count(*) as ids from {{ source('workspace', 'person_ids') }}
    group by person_id, id_kind

),

persons as (

    select person_id, sum(ids) as ids from ids
    group by person_id

),

browsers as (

    select visitor_id, count(distinct person_id) as owners from {{ ref('int_identity__visitors') }}
    group by visitor_id

),

held_back as (

    select distinct id_kind, id_value from {{ ref('fct_identity_held_back') }}
    where reason in ('limit', 'denied')

),

measures as (

    select 'ids_per_person' as measure, 'all' as part, sum(ids) as numerator, count(*) as denominator from persons
    union all
    select 'ids_per_person', id_kind, sum(ids), (select count(*) from persons) from ids
    group by id_kind
    union all
    select 'merge_rate', 'all', count(*) filter (where ids > 1), count(*) from persons
    union all
    select 'most_ids_of_a_person', 'all', max(ids), null from persons
    union all
    select 'ids_held_back', 'all', (select count(*) from held_back), sum(ids) from persons
    union all
    select 'browsers_with_several_owners', 'all', count(*) filter (where owners > 1), count(*) from browsers
    {% for mart, measure in [('fct_orders', 'orders'), ('fct_leads', 'leads'), ('fct_sessions', 'sessions')] -%}
    union all
    select '{{ measure }}_without_a_person', 'all', count(*) filter (where {{ made_up }}), count(*)
    from {{ ref(mart) }}
    {% endfor -%}
    union all
    select
        'revenue_without_a_person',
        'all',
        sum(case when {{ made_up }} then revenue_gross else 0 end),
        sum(revenue_gross)
    from {{ ref('fct_orders') }}

),

final as (

    select
        measure,
        part,
        {{ money('coalesce(numerator, 0)') }} as numerator,
        {{ money('denominator') }} as denominator
    from measures

)

select * from final

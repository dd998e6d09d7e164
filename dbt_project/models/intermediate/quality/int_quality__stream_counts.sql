{{ config(materialized='table') }}
{# Keys are counted on the lake and present rows on staging, so that each can give the other away. Staging is found in
   the graph; the conformed models, which unite all of it, make sure that it is there first. #}
{% for model in conformed_models() %}
-- depends_on: {{ ref(model.name) }}
{%- endfor %}
with

counted as (

    select
        cast(null as varchar) as stream,
        cast(null as varchar) as source_name,
        0 as landed,
        0 as rows_shifted,
        0 as rows_ambiguous,
        0 as distinct_keys,
        0 as staged
    where false
    {% for stream in staged_streams() %}
    union all
    select
        '{{ stream.source }}/{{ stream.stream }}',
        lake.source_name,
        lake.landed,
        lake.rows_shifted,
        lake.rows_ambiguous,
        lake.distinct_keys,
        coalesce(present.staged, 0)
    from (
        select
            _source_name as source_name,
            count(*) as landed,
            count(*) filter (where contains(_time_flags, ':shifted')) as rows_shifted,
            count(*) filter (where contains(_time_flags, ':ambiguous')) as rows_ambiguous,
            {% if stream['keys'] -%}
            count(distinct {{ key_hash(stream['keys']) }}) as distinct_keys
            {%- else -%}
            count(*) as distinct_keys
            {%- endif %}
        from {{ stream.landed }}
        group by _source_name
    ) as lake
    left join (
        select source_name, count(*) as staged
        from {{ stream.staged }}
        group by source_name
    ) as present on lake.source_name = present.source_name
    {% endfor %}

)

select * from counted

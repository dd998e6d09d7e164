{# How often each stream has rows: days with rows up to as_of, and the days between them. #}
{% set columns = time_columns() %}
{% for model in conformed_models() %}
-- depends_on: {{ ref(model.name) }}
{%- endfor %}
with

days as (

    select cast(null as varchar) as source, cast(null as varchar) as stream, cast(null as date) as date_day
    where false
    {% for stream in staged_streams() if columns.get(stream.source ~ '.' ~ stream.stream) %}
    union all
    select distinct
        '{{ stream.source }}',
        '{{ stream.stream }}',
        {{ day_of(columns[stream.source ~ '.' ~ stream.stream]) }}
    from {{ stream.landed }}
    {% endfor %}

),

with_gaps as (

    select
        *,
        date_day - lag(date_day) over (partition by source, stream order by date_day) as gap_days
    from days
    where date_day <= {{ as_of_date() }}

),

summed as (

    select
        source,
        stream,
        max(date_day) as last_day,
        count(*) as days,
        quantile_disc(gap_days, 0.9) as usual_gap_days
    from with_gaps
    group by source, stream

)

select * from summed

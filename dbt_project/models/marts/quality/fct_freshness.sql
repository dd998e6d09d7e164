{# A stream may be silent for as long as it usually is, plus a day; one seen on fewer than ten days has no habit yet. #}
{% set days_for_a_habit = 10 %}
with

streams as (

    select * from {{ source('workspace', 'streams') }}

),

days as (

    select * from {{ ref('int_quality__stream_days') }}

),

counts as (

    select
        stream,
        sum(landed) as rows,
        sum(rows_shifted) as rows_shifted,
        sum(rows_ambiguous) as rows_ambiguous
    from {{ ref('int_quality__stream_counts') }}
    group by stream

),

final as (

    select
        streams.source,
        streams.stream,
        streams.owner,
        streams.is_on,
        days.last_day,
        cast(streams.last_landed_at as timestamp) as last_landed_at,
        cast(coalesce(counts.rows, 0) as bigint) as rows,
        cast(coalesce(counts.rows_shifted, 0) as bigint) as rows_shifted,
        cast(coalesce(counts.rows_ambiguous, 0) as bigint) as rows_ambiguous,
        cast(case when days.days >= {{ days_for_a_habit }} then days.usual_gap_days + 1 end as bigint) as expected_lag,
        coalesce(
            streams.is_on
            and days.days >= {{ days_for_a_habit }}
            and days.last_day + cast(days.usual_gap_days + 1 as integer) < {{ as_of_date() }},
            false
        ) as is_late
    from streams
    left join days on streams.source = days.source and streams.stream = days.stream
    left join counts on streams.source || '/' || streams.stream = counts.stream

)

select * from final

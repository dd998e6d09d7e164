{# What a landing read is accounted for, what it says it landed lies in the lake, and the newest versions are staged. #}
with

batches as (

    select
        source || '/' || stream as stream,
        source_name,
        sum(rows_read) as rows_read,
        sum(duplicates) as duplicates,
        sum(refused) as refused,
        sum(quarantined) as quarantined,
        sum(landed) as landed
    from {{ source('workspace', 'batches') }}
    group by 1, 2

),

counts as (

    select * from {{ ref('int_quality__stream_counts') }}

),

read_rows as (

    select
        'rows_read' as check_name,
        source_name,
        stream,
        rows_read as expected,
        landed as arrived,
        duplicates + refused + quarantined as left_out,
        duplicates || ' exact duplicates, ' || refused || ' refused, ' || quarantined || ' quarantined' as explanation
    from batches

),

landed_rows as (

    select
        'rows_landed' as check_name,
        coalesce(batches.source_name, counts.source_name) as source_name,
        coalesce(batches.stream, counts.stream) as stream,
        coalesce(batches.landed, 0) as expected,
        coalesce(counts.landed, 0) as arrived,
        0 as left_out,
        'what the landings counted lies in the lake' as explanation
    from batches
    full outer join counts
        on batches.source_name = counts.source_name and batches.stream = counts.stream

),

staged_rows as (

    select
        'rows_staged' as check_name,
        source_name,
        stream,
        landed as expected,
        staged as arrived,
        landed - distinct_keys as left_out,
        (landed - distinct_keys) || ' superseded by a newer version' as explanation
    from counts

),

united as (

    select * from read_rows
    union all
    select * from landed_rows
    union all
    select * from staged_rows

)

select * from united

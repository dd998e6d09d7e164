{# Requests of server logs are page views or left out for a reason that is counted (I10, X2). #}
with

requests as (

    select * from {{ ref('int_web__access_log_requests') }}

),

page_views as (

    select source_name, count(*) as rows from {{ ref('int_web__access_logs') }}
    group by source_name

),

reasons as (

    select source_name, left_out_reason, count(*) as rows from requests
    where left_out_reason is not null
    group by source_name, left_out_reason

),

staged as (

    select source_name, count(*) as rows from {{ ref('stg_access_logs__requests') }}
    group by source_name

),

summed as (

    select
        source_name,
        sum(rows) as rows,
        string_agg(rows || ' ' || replace(left_out_reason, '_', ' '), ', ' order by rows desc, left_out_reason) as words
    from reasons
    group by source_name

),

checks as (

    select
        'page_views_of_requests' as check_name,
        staged.source_name,
        'access_logs/requests' as stream,
        staged.rows as expected,
        coalesce(page_views.rows, 0) as arrived,
        coalesce(summed.rows, 0) as left_out,
        coalesce(summed.words, 'none left out') as explanation
    from staged
    left join page_views on staged.source_name = page_views.source_name
    left join summed on staged.source_name = summed.source_name

)

select * from checks

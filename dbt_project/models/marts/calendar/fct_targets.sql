with

targets as (

    select * from {{ ref('int_company__targets') }}

),

final as (

    select
        cast(month as date) as month,
        metric,
        cast(target as double) as target,
        source_name
    from targets

)

select * from final

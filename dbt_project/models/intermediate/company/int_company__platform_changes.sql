with

platform_changes as (

    select * from {{ ref('stg_company__platform_changes') }}

),

conformed as (

    select
        changed_on,
        platform,
        title,
        title_zh,
        source_name
    from platform_changes
    where changed_on <= {{ as_of_date() }}

)

select * from conformed

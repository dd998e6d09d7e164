with

changes as (

    select * from {{ ref('int_company__platform_changes') }}

),

final as (

    select
        cast(changed_on as date) as changed_on,
        platform,
        title,
        title_zh,
        source_name
    from changes

)

select * from final

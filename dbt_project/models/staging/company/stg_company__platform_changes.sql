with

source as (

    {{ current_version(source('company', 'platform_changes'), ['changed_on', 'platform', 'title']) }}

),

renamed as (

    select
        -- dimensions
        platform,
        title,
        title_zh,

        -- dates
        cast(changed_on as date) as changed_on,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

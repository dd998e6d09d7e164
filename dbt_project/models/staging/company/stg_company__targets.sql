with

source as (

    {{ current_version(source('company', 'targets'), ['month', 'metric']) }}

),

renamed as (

    select
        -- dimensions
        metric,

        -- measures
        cast(target as decimal(38, 6)) as target,

        -- dates
        cast(month as date) as month,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

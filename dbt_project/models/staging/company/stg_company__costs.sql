with

source as (

    {{ current_version(source('company', 'costs'), ['month', 'kind', 'channel']) }}

),

renamed as (

    select
        -- dimensions
        kind,
        channel,
        currency,

        -- measures
        cast(amount as decimal(38, 6)) as amount,

        -- dates
        cast(month as date) as month,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

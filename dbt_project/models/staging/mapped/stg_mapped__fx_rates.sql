with

source as (

    {{ current_version(source('mapped', 'fx_rates'), ['_source_name', 'date_day', 'from_currency', 'to_currency']) }}

),

renamed as (

    select
        -- dimensions
        from_currency,
        to_currency,

        -- measures
        cast(rate as decimal(18, 8)) as rate,

        -- dates
        date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

with

source as (

    {{ current_version(source('company', 'fx_rates'), ['date_day', 'from_currency', 'to_currency']) }}

),

renamed as (

    select
        -- dimensions
        from_currency,
        to_currency,

        -- measures
        cast(rate as decimal(18, 8)) as rate,

        -- dates
        cast(date_day as date) as date_day,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

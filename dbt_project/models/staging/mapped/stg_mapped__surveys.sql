with

source as (

    {{ current_version(source('mapped', 'surveys'), ['_source_name', 'response_id']) }}

),

renamed as (

    select
        -- ids
        response_id,
        email_hash,
        customer_id,
        order_id,

        -- dimensions
        survey_kind,
        comment,
        language,

        -- measures
        score,

        -- dates
        responded_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

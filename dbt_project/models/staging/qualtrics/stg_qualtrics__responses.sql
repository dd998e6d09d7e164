with

source as (

    {{ current_version(source('qualtrics', 'responses'), ['response_id']) }}

),

renamed as (

    select
        -- ids
        cast(response_id as varchar) as response_id,
        email_hash,

        -- dimensions
        comment,
        language,

        -- measures
        nps_score,

        -- dates
        recorded_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _landed_at

    from source

)

select * from renamed

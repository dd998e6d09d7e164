{# A log does not name its host: the folder it lies in does, unless its lines begin with the virtual host. #}
with

source as (

    {{ current_version(
        source('access_logs', 'requests'),
        ['visitor_hash', 'requested_at', 'method', 'target', 'status', 'bytes_sent', 'repeat']
    ) }}

),

renamed as (

    select
        -- ids
        visitor_hash,
        remote_host_hash,
        repeat,

        -- request
        coalesce(lower(server), nullif(regexp_extract(_file, '^access_logs/requests/([^/]+)/', 1), '')) as server,
        method,
        target,
        protocol,
        referrer,
        user_agent,
        coalesce(is_internal, false) as is_internal,

        -- answer
        status,
        bytes_sent,

        -- dates
        requested_at,

        -- where it came from
        _source_name as source_name,
        _batch,
        _file,
        _row,
        _landed_at

    from source

)

select * from renamed

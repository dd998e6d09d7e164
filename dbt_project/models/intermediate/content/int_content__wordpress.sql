with

posts as (

    select * from {{ ref('stg_wordpress__posts') }}

),

conformed as (

    select
        content_id,
        published_at,
        updated_at,
        {{ url_path('url') }} as url_path,
        title,
        author_name,
        topic,
        format,
        status,
        cost as cost_source,
        '{{ var("currency") }}' as currency,
        is_ai_made,
        source_name
    from posts

)

select * from conformed

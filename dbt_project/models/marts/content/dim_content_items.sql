with

items as (

    select * from {{ ref('int_content__items') }}

),

content_items as (

    select
        content_id,
        url_path,
        title,
        author_name,
        topic,
        format,
        status,
        coalesce(is_ai_made, false) as is_ai_made,
        cast(cost_source as decimal(38, 6)) as cost_source,
        currency,
        published_at,
        {{ local_date('published_at') }} as published_date,
        updated_at
    from items

)

select * from content_items

{# One line per content system. #}
with

unioned as (

    select * from {{ ref('int_content__wordpress') }}
    union all by name
    select * from {{ ref('stg_mapped__content_items') }}

),

conformed as (

    select
        content_id,
        published_at,
        updated_at,
        url_path,
        title,
        author_name,
        topic,
        format,
        status,
        cost_source,
        currency,
        coalesce(is_ai_made, false) as is_ai_made,
        source_name
    from unioned
    where {{ before_as_of('published_at') }}

)

select * from conformed

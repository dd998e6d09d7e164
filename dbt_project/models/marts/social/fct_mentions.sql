with

mentions as (

    select * from {{ ref('int_social__mentions') }}

),

brands as (

    select lower(brand) as brand_key, bool_or(is_own) as is_own
    from {{ source('workspace', 'brands') }}
    group by 1

),

final as (

    select
        mentions.mention_id,
        mentions.source_name,
        mentions.mention_date,
        mentions.platform,
        mentions.language,
        mentions.brand,
        coalesce(brands.is_own, false) as is_own,
        brands.brand_key is not null as is_tracked,
        mentions.sentiment,
        coalesce(mentions.sentiment = 'negative', false) as is_negative,
        cast(mentions.reach as bigint) as reach,
        mentions.text,
        {{ maturity('mentions.mention_date') }} as maturity
    from mentions
    left join brands on lower(mentions.brand) = brands.brand_key

)

select * from final

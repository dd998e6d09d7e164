with

company as (

    select false as is_default, priority, source_pattern, medium_pattern, campaign_pattern, channel, channel_class
    from {{ source('workspace', 'channel_rules') }}

),

defaults as (

    select true as is_default, priority, source_pattern, medium_pattern, campaign_pattern, channel, channel_class
    from {{ ref('channel_rules') }}

),

ordered as (

    select
        row_number() over (order by is_default, priority) as rule_rank,
        is_default,
        priority,
        nullif(source_pattern, '') as source_pattern,
        nullif(medium_pattern, '') as medium_pattern,
        nullif(campaign_pattern, '') as campaign_pattern,
        channel,
        channel_class
    from (select * from company union all by name select * from defaults)

)

select * from ordered

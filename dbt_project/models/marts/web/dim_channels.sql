with

named as (

    select channel, channel_class, label_en, label_zh from {{ ref('channels') }}

),

company as (

    select channel, min(channel_class) as channel_class from {{ source('workspace', 'channel_rules') }}
    group by channel

),

channels as (

    select
        coalesce(company.channel, named.channel) as channel,
        coalesce(company.channel_class, named.channel_class) as channel_class,
        coalesce(named.label_en, company.channel) as label_en,
        coalesce(named.label_zh, company.channel) as label_zh
    from named
    full join company on named.channel = company.channel

)

select * from channels

with

company as (

    select false as is_default, priority, rule, kind, field, pattern, at_least, label_en, label_zh
    from {{ source('workspace', 'traffic_rules') }}

),

defaults as (

    select true as is_default, priority, rule, kind, field, pattern, at_least, label_en, label_zh
    from {{ ref('traffic_rules') }}

),

ordered as (

    select
        row_number() over (order by is_default, priority) as rule_rank,
        is_default,
        priority,
        rule,
        kind,
        field,
        pattern,
        at_least,
        coalesce(label_en, rule) as label_en,
        coalesce(label_zh, rule) as label_zh
    from (select * from company union all by name select * from defaults)

)

select * from ordered

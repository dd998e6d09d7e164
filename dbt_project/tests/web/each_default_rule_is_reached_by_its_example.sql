{# An example that meets an earlier rule, or none, shows a rule out of place. #}
{{ config(meta={'dagster': {'ref': {'name': 'int_channels__rules'}}}) }}
with

examples as (

    select
        priority,
        example_source as source,
        example_medium as medium,
        coalesce(example_campaign, '(not set)') as campaign
    from {{ ref('channel_rules') }}

),

matched as (

    {{ channel_of('examples', defaults_only=true) }}

)

select examples.*, matched.channel, rules.priority as priority_of_match
from examples
left join matched using (source, medium, campaign)
left join {{ ref('int_channels__rules') }} as rules on matched.rule_rank = rules.rule_rank
where rules.priority is distinct from examples.priority

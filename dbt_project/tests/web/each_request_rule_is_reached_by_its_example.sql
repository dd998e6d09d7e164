{# An example that meets an earlier rule, or none, shows a rule out of place (I10). #}
with

rules as (

    select * from {{ ref('request_rules') }}

),

matched as (

    select examples.priority, min(rules.priority) as priority_of_match
    from rules as examples
    left join rules on regexp_full_match(examples.example_target, rules.target_pattern, 'i')
    group by examples.priority

)

select * from matched
where priority is distinct from priority_of_match

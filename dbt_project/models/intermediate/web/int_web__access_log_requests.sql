{# Each request and why it is no page view, where it is none: its answer and method first, then the rules for targets. #}
with

requests as (

    select * from {{ ref('stg_access_logs__requests') }}

),

targets as (

    select distinct target from requests

),

matched as (

    select targets.target, arg_min(rules.reason, rules.priority) as rule_reason
    from targets
    inner join {{ ref('request_rules') }} as rules
        on regexp_full_match(targets.target, rules.target_pattern, 'i')
    group by targets.target

),

with_reason as (

    select
        requests.*,
        case
            when requests.method is null then 'no_request'
            when requests.method <> 'GET' then 'other_method'
            when requests.status not between 200 and 299 and requests.status <> 304 then 'not_answered'
            else matched.rule_reason
        end as left_out_reason
    from requests
    left join matched on requests.target = matched.target

)

select * from with_reason

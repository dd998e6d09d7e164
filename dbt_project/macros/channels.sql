{# Channel rules (S4): a pattern matches the whole text, case aside; "@search" asks for the source's category. #}
{% macro channel_of(combinations, defaults_only=false) -%}
    with categorised as (

        select
            combinations.source,
            combinations.medium,
            combinations.campaign,
            '@' || arg_max(categories.category, (length(categories.name), categories.name)) as source_category
        from {{ combinations }} as combinations
        left join {{ ref('source_categories') }} as categories
            on contains('.' || lower(combinations.source) || '.', '.' || categories.name || '.')
        group by combinations.source, combinations.medium, combinations.campaign

    )

    select
        categorised.source,
        categorised.medium,
        categorised.campaign,
        coalesce(rules.channel, 'unassigned') as channel,
        rules.channel_class,
        rules.rule_rank
    from categorised
    left join {{ ref('int_channels__rules') }} as rules
        on coalesce(rules.source_pattern = categorised.source_category
            or regexp_full_match(categorised.source, rules.source_pattern, 'i'), rules.source_pattern is null)
        and coalesce(regexp_full_match(categorised.medium, rules.medium_pattern, 'i'), rules.medium_pattern is null)
        and coalesce(regexp_full_match(categorised.campaign, rules.campaign_pattern, 'i'), rules.campaign_pattern is null)
        {% if defaults_only %}and rules.is_default{% endif %}
    qualify row_number() over (
        partition by categorised.source, categorised.medium, categorised.campaign order by rules.rule_rank
    ) = 1
{%- endmacro %}

{# Channel rules (S4): a pattern matches the whole text, case aside; "@search" asks for the source's category. #}

{# The label by which a host is known: `google` of www.google.co.uk; a source that is no host is its own. #}
{% macro site_label(source) -%}
    coalesce(
        nullif(regexp_extract({{ source }}, '([^.]+)\.(?:(?:com?|net|org|gov|edu|ac|ne|or)\.)?[a-z]{2,}$', 1), ''), {{ source }}
    )
{%- endmacro %}

{# Each pattern sees each different text once, not each combination: a pattern out of a column is compiled for each row. #}
{% macro channel_of(combinations, defaults_only=false) -%}
    {%- set fields = ['source', 'medium', 'campaign'] -%}
    with rules as (

        select * from {{ ref('int_channels__rules') }}
        {% if defaults_only %}where is_default{% endif %}

    ),

    sources as (

        select source, lower(source) as host, {{ site_label('lower(source)') }} as label
        from (select distinct source from {{ combinations }})

    ),

    categorised as (

        select sources.source, '@' || arg_max(categories.category, (length(categories.name), categories.name)) as category
        from sources
        inner join {{ ref('source_categories') }} as categories
            on sources.host = categories.name
            or sources.label = categories.name
            or (contains(categories.name, '.') and ends_with(sources.host, '.' || categories.name))
        group by sources.source

    ),

    {% for field in fields -%}
    {{ field }}_texts as (

        select distinct {{ field }} from {{ combinations }}

    ),

    {{ field }}_matches as (

        select texts.{{ field }}, rules.rule_rank
        from {{ field }}_texts as texts
        inner join rules on rules.{{ field }}_pattern is null
        union all
        select texts.{{ field }}, rules.rule_rank
        from {{ field }}_texts as texts
        inner join (select * from rules where {{ field }}_pattern not like '@%') as rules
            on regexp_full_match(texts.{{ field }}, rules.{{ field }}_pattern, 'i')
        {% if field == 'source' -%}
        union all
        select categorised.source, rules.rule_rank
        from categorised
        inner join rules on categorised.category = rules.source_pattern
        {% endif %}
    ),

    {% endfor -%}
    first_match as (

        select combinations.source, combinations.medium, combinations.campaign, min(source_matches.rule_rank) as rule_rank
        from {{ combinations }} as combinations
        inner join source_matches on combinations.source = source_matches.source
        inner join medium_matches
            on combinations.medium = medium_matches.medium and source_matches.rule_rank = medium_matches.rule_rank
        inner join campaign_matches
            on combinations.campaign = campaign_matches.campaign and source_matches.rule_rank = campaign_matches.rule_rank
        group by combinations.source, combinations.medium, combinations.campaign

    )

    select
        combinations.source,
        combinations.medium,
        combinations.campaign,
        coalesce(rules.channel, 'unassigned') as channel,
        rules.channel_class,
        first_match.rule_rank
    from {{ combinations }} as combinations
    left join first_match
        on combinations.source = first_match.source
        and combinations.medium = first_match.medium
        and combinations.campaign = first_match.campaign
    left join rules on first_match.rule_rank = rules.rule_rank
{%- endmacro %}

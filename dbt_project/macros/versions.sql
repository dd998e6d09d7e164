{# Versions and keys: which row of the lake is the present one (X7), and how keys are made. #}

{# The newest version of each key: by the source's own order where it has one, else by arrival. Hardly any key has more
   than one, so only those with several are put in order, by their keys alone. #}
{% macro current_version(relation, keys, order_by=none) -%}
    select * from {{ relation }}
    anti join (
        select _batch, _file, _row
        from {{ relation }}
        where {{ has_versions(relation, keys) }}
        qualify row_number() over (
            partition by {{ keys | join(', ') }}
            order by {% if order_by %}{{ order_by }} desc nulls last, {% endif %}_batch desc, _file desc, _row desc
        ) > 1
    ) as superseded using (_batch, _file, _row)
{%- endmacro %}

{# Every version that was ever the present one, with the time it came to be so and the time another took its place (X6):
   arrival, as the lake remembers it. A version that its source calls older than one already here never was. #}
{% macro versions_over_time(relation, keys, order_by=none) -%}
    {%- set arrival = '_batch, _file, _row' -%}
    {%- set by_source = (order_by ~ ' nulls first, ' if order_by else '') ~ arrival -%}
    select *, _landed_at as valid_from, cast(null as timestamp) as valid_to
    from {{ relation }}
    where not {{ has_versions(relation, keys) }}
    union all
    select
        * exclude (source_rank),
        _landed_at as valid_from,
        lead(_landed_at) over (partition by {{ keys | join(', ') }} order by {{ arrival }}) as valid_to
    from (
        select *
        from (
            select *, row_number() over (partition by {{ keys | join(', ') }} order by {{ by_source }}) as source_rank
            from {{ relation }}
            where {{ has_versions(relation, keys) }}
        ) as ranked
        qualify source_rank = max(source_rank) over (
            partition by {{ keys | join(', ') }} order by {{ arrival }} rows unbounded preceding
        )
    ) as present_once
    qualify valid_to is null or valid_to > valid_from
{%- endmacro %}

{# Whether a row's key has other versions, or shares its hash with a key that has. #}
{% macro has_versions(relation, keys) -%}
    {%- set key = key_hash(keys) -%}
    {{ key }} in (select {{ key }} from {{ relation }} group by {{ key }} having count(*) > 1)
{%- endmacro %}

{# A number that is the same for the same keys, missing ones included. #}
{% macro key_hash(keys) -%}
    {{ adapter.dispatch('key_hash', 'opsloop')(keys) }}
{%- endmacro %}

{% macro default__key_hash(keys) -%}
    hash({{ keys | join(', ') }})
{%- endmacro %}

{# A text key over several columns; null and empty differ. #}
{% macro surrogate_key(columns) -%}
    md5(concat_ws('|', {% for column in columns %}coalesce(cast({{ column }} as varchar), '∅'){% if not loop.last %}, {% endif %}{% endfor %}))
{%- endmacro %}

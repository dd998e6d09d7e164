{# A table of which a run replaces the slice that its reach names; see macros/slices.sql. A run that is stopped
   in between leaves its step undone, so that the next build makes the table whole. #}
{% materialization slices, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% if is_slice() %}
        {% if existing is none or not existing.is_table %}
            {% do exceptions.raise_compiler_error(target ~ ' is not there to be replaced in part: build it whole') %}
        {% endif %}
        {% do replace_slice(target, config.get('key')) %}
    {% else %}
        {% if existing is not none %}{% do adapter.drop_relation(existing) %}{% endif %}
        {% do build_in_parts(target, parts_of_whole() if '/* part: ' in sql else 1) %}
    {% endif %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{# The table made of the query, key by key in so many parts. #}
{% macro build_in_parts(target, parts) %}
    {% for part in range(parts) %}
        {%- set in_part = 'where ' ~ key_hash(['cast(\\1 as varchar)']) ~ ' % ' ~ parts ~ ' = ' ~ part -%}
        {%- set query = modules.re.sub('/[*] part: (.*?) [*]/', in_part if parts > 1 else '', sql) -%}
        {% call statement('main') -%}
            {% if loop.first %}{{ create_table_as(False, target, query) }}{% else %}insert into {{ target }} by name {{ query }}{% endif %}
        {%- endcall %}
    {% endfor %}
{% endmacro %}

{# How many parts a table is made in: what the engine cannot put aside, such as the texts that an aggregate keeps, has
   to fit its memory, and grows with the largest table there is. #}
{% macro parts_of_whole() %}
    {%- set largest = run_query('select coalesce(max(estimated_size), 0) from duckdb_tables()').columns[0].values()[0] -%}
    {% do return((largest / env_var('OPSLOOP_ROWS_AT_ONCE', '24000000') | int) | round(0, 'ceil') | int or 1) %}
{% endmacro %}

{% macro replace_slice(target, key) %}
    {%- set reach_table, changes_table = slices_table(model.name, 'reach'), slices_table(model.name, 'changes') -%}
    {%- set fresh = api.Relation.create(database=target.database, schema='slices', identifier=model.name, type='table') -%}
    {%- set named = modules.re.search('/[*] reach: (.*?) [*]/', sql, modules.re.DOTALL) -%}
    {%- set in_reach = 'where ' ~ key ~ ' in (select key from ' ~ reach_table ~ ')' if key else '' -%}
    {% if named %}{% do run_query(keys_of(reach_table, named.group(1))) %}{% endif %}
    {% do run_query('drop table if exists ' ~ fresh) %}
    {% call statement('main') -%}
        {{ create_table_as(False, fresh, sql) }}
    {%- endcall %}
    {% if key and not named %}
        {% do run_query(keys_of(reach_table, 'select ' ~ key ~ ' from ' ~ fresh)) %}
    {% endif %}
    {% call statement('changes') -%}
        create or replace table {{ changes_table }} as
        select * exclude (_side)
        from (
            select *, -1 as _side from {{ target }} {{ in_reach }}
            union all by name
            select *, 1 as _side from {{ fresh }}
        ) as both_sides
        group by all
        having sum(_side) <> 0
    {%- endcall %}
    {% call statement('replace') -%}
        delete from {{ target }} {{ in_reach }};
        insert into {{ target }} by name select * from {{ fresh }};
        drop table {{ fresh }}
    {%- endcall %}
{% endmacro %}

{% macro keys_of(reach_table, keys) -%}
    create or replace table {{ reach_table }} as select distinct key from ({{ keys }}) as touched(key)
{%- endmacro %}

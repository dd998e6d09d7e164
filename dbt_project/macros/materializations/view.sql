{# A view is replaced in one statement, which DuckDB does whole or not at all; the general way, made for engines that
   cannot, takes seven, and most of this project is views. A run that replaces slices finds each as it must be: another
   project or other settings make it build whole. #}
{% materialization view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and not existing.is_view %}{% do adapter.drop_relation(existing) %}{% endif %}
    {% call statement('main') -%}
        {% if existing is not none and existing.is_view and replaces_slices() -%}
        select 'as it was'
        {%- else -%}
        create or replace view {{ target }} as ({{ sql }})
        {%- endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

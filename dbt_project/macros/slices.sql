{# Slices (X7): a run replaces what the arrived rows can change and leaves the rest of a table as it is.

   A model of the materialization `slices` names its `key`: rows of one key are made of rows of that key alone. Its
   reach, which a call of `reach` lists before the query, is every key whose rows may come out otherwise than last time,
   too many rather than too few. Without a reach, the keys of the rows that the query brings are replaced; without a key,
   the whole table. What a table lost and gained in this run can be read by the models after it, as their reach. #}

{# Whether this run replaces slices; one that does not builds every table whole. #}
{% macro replaces_slices() %}
    {% do return(execute and run_query('select 1 from slices.run where is_open and since is not null').rows | length > 0) %}
{% endmacro %}

{# Whether the model at hand is a table of which this run replaces a slice. #}
{% macro is_slice() %}
    {% do return(model.config.materialized == 'slices' and replaces_slices()) %}
{% endmacro %}

{# Whether the relation that a test looks at is a table of which this run replaced a slice. #}
{% macro is_sliced(relation) %}
    {%- set node = graph.nodes.get('model.opsloop.' ~ relation.identifier) if execute -%}
    {% do return(node and node.config.materialized == 'slices' and replaces_slices()) %}
{% endmacro %}

{# The keys to make anew, as a comment before the query: the materialization reads it, the engine does not. #}
{% macro reach() -%}
    {%- if not execute or is_slice() -%}/* reach: {{ caller() | trim }} */{%- endif -%}
{%- endmacro %}

{# The relation's rows within the model's reach. Where the table is built whole all of them, in parts where they are
   many: the materialization fills in the comment. #}
{% macro sliced(relation, key) -%}
    {%- if is_slice() -%}
    (select * from {{ relation }} where {{ key }} in (select key from {{ slices_table(model.name, 'reach') }}))
    {%- else -%}
    (select * from {{ relation }} /* part: {{ key }} */)
    {%- endif -%}
{%- endmacro %}

{# The rows that a table lost and gained in this run. #}
{% macro changes(name) -%}
    {%- do ref(name) -%}
    {{ slices_table(name, 'changes') }}
{%- endmacro %}

{# For a test: the rows of a relation whose key stands in rows that one of these tables lost or gained in this run; all
   of them where it built whole. #}
{% macro where_changed(relation, key, names) -%}
    {%- if execute and replaces_slices() -%}
    (
        select * from {{ relation }}
        where {{ key }} in (
            {% for name in names %}select {{ key }} from {{ changes(name) }}{% if not loop.last %} union all {% endif %}{% endfor %}
        )
    )
    {%- else -%}
    {%- for name in names %}{% do ref(name) %}{% endfor -%}
    {{ relation }}
    {%- endif -%}
{%- endmacro %}

{# The keys that a table made anew in this run. #}
{% macro reach_of(name) -%}
    {%- do ref(name) -%}
    {{ slices_table(name, 'reach') }}
{%- endmacro %}

{% macro slices_table(name, kind) -%}
    slices.{{ name }}__{{ kind }}
{%- endmacro %}

{# A view over the lake, of rows that have arrived since the last run alone where the run replaces slices. #}
{% macro arriving(relation) -%}
    {{ relation.incorporate(path={'schema': 'arriving'}) if is_slice() else relation }}
{%- endmacro %}

{# The instant before which facts counted in the last run. #}
{% macro former_as_of() -%}
    (select as_of from slices.run)
{%- endmacro %}

{# Whether a UTC timestamp lies between the two: it counts, and did not in the last run. #}
{% macro begins_to_count(ts) -%}
    ({{ ts }} >= {{ former_as_of() }} and {{ ts }} < {{ as_of() }})
{%- endmacro %}

{# The last day of which anything was known in the last run. #}
{% macro former_as_of_date() -%}
    (select {{ local_date('as_of - interval 1 microsecond') }} from slices.run)
{%- endmacro %}

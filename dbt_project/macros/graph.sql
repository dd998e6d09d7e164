{# What the graph of models knows about itself, for checks that cover each stream and topic without naming it. #}

{# Landed streams that have a staging model of the same name: source, stream, both relations, and the key by which
   staging keeps one version, read from its own call of current_version; without such a call it keeps every row. #}
{% macro staged_streams() %}
    {% set streams = [] %}
    {% if execute %}
        {% for node in graph.sources.values() | sort(attribute='unique_id') if node.schema.startswith('landing_') %}
            {% set staging = graph.nodes.get('model.opsloop.stg_' ~ node.source_name ~ '__' ~ node.name) %}
            {% if staging %}
                {% set call = modules.re.search('current_version\\([^[]*\\[([^]]*)\\]', staging.raw_code) %}
                {% do streams.append({
                    'source': node.source_name,
                    'stream': node.name,
                    'landed': node.relation_name,
                    'staged': staging.relation_name,
                    'keys': modules.re.findall("'(\\w+)'", call.group(1)) if call else [],
                }) %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {% do return(streams) %}
{% endmacro %}

{# Landed streams from which a model is made, at any distance, as (source, stream). #}
{% macro streams_of(model) %}
    {% set streams = [] %}
    {% if execute %}
        {% set open = ['model.opsloop.' ~ model] %}
        {% for id in open %}
            {% if id in graph.sources and graph.sources[id].schema.startswith('landing_') %}
                {% do streams.append((graph.sources[id].source_name, graph.sources[id].name)) %}
            {% elif id.startswith('model.') %}
                {% for parent in graph.nodes[id].depends_on.nodes if parent not in open %}
                    {% do open.append(parent) %}
                {% endfor %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {% do return(streams | sort) %}
{% endmacro %}

{# Relations that a conforming model unites: its parents, but for those it only looks things up in. #}
{% macro united_by(model, looked_up=[]) %}
    {% set relations = [] %}
    {% if execute %}
        {% for parent in graph.nodes['model.opsloop.' ~ model].depends_on.nodes if parent.startswith('model.') %}
            {% if graph.nodes[parent].name not in looked_up %}
                {% do relations.append(graph.nodes[parent].relation_name) %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {% do return(relations) %}
{% endmacro %}

{# The column that dates each declared stream, as (source, stream) → column. #}
{% macro time_columns() %}
    {% set columns = {} %}
    {% if execute and adapter.get_relation(database=target.database, schema='workspace', identifier='streams') %}
        {% set declared = run_query("select source, stream, time_column from " ~ source('workspace', 'streams')) %}
        {% for row in declared.rows if row[2] %}
            {% do columns.update({row[0] ~ '.' ~ row[1]: row[2]}) %}
        {% endfor %}
    {% endif %}
    {% do return(columns) %}
{% endmacro %}

{# Models that unite all sources of a topic, the time by which they leave out what is later than as_of, and whether a
   row also needs its order; where the rows are united in a model of their own, `of` is that. What several sources may
   tell at once, such as rates, is not conserved and not listed. #}
{% macro conformed_models() %}
    {% do return([
        {'name': 'int_web__events', 'of': 'int_web__all_events', 'time': 'event_at'},
        {'name': 'int_search__performance', 'day': 'date_day'},
        {'name': 'int_ads__performance', 'day': 'date_day'},
        {'name': 'int_crm__contacts', 'time': 'created_at'},
        {'name': 'int_crm__leads', 'time': 'first_contact_at'},
        {'name': 'int_consents__consents', 'time': 'consented_at'},
        {'name': 'int_crm__deals', 'time': 'coalesce(created_at, won_at)'},
        {'name': 'int_orders__orders', 'time': 'ordered_at'},
        {'name': 'int_orders__items', 'needs_order': true},
        {'name': 'int_orders__payments', 'of': 'int_orders__all_payments', 'time': 'paid_at', 'needs_order': true},
        {'name': 'int_orders__refunds', 'time': 'refunded_at', 'needs_order': true},
        {'name': 'int_orders__products'},
        {'name': 'int_social__posts', 'day': 'snapshot_date'},
        {'name': 'int_social__mentions', 'time': 'published_at'},
        {'name': 'int_messages__messages', 'time': 'sent_at'},
        {'name': 'int_private__contact_daily', 'day': 'date_day'},
        {'name': 'int_surveys__responses', 'time': 'responded_at'},
        {'name': 'int_content__items', 'time': 'published_at'},
        {'name': 'int_company__campaign_calendar'},
        {'name': 'int_campaigns__coupon_redemptions', 'time': 'redeemed_at'},
        {'name': 'int_company__costs', 'day': 'month'},
        {'name': 'int_company__platform_changes', 'day': 'changed_on'},
        {'name': 'int_company__targets'},
    ]) %}
{% endmacro %}

{# Paths as one question with parameters (S9). `q` says what is asked:
     events, unit, key   as in a funnel: sessions or persons walk
     node          page, event, or both (a page view is its page, any other event its name)
     drop_query    whether a page is told without what follows ? or #; groups: patterns with `*` and the name of each
     collapse      whether the same node again, straight after, is one stay
     keep, leave_out   events looked at (all, where none are named) and events passed over
     anchor        events at which a walk begins (direction from) or ends (to); none: any; the first in the range counts
     first_day, last_day   days of the anchor; segment: filters on the anchor's event
     direction, steps   which way from the anchor, and how many nodes further at most
   Events of one instant walk in the order of their ids. Nothing here is of dbt, so that pages render it too. #}

{% macro paths_node(q) -%}
    {%- set page = "split_part(split_part(page_path, '?', 1), '#', 1)" if q.drop_query else 'page_path' -%}
    {%- if q.node == 'page' %}{{ page }}
    {%- elif q.node == 'event' %}event_name
    {%- else %}case when event_name = 'page_view' then {{ page }} else event_name end
    {%- endif -%}
{%- endmacro %}

{% macro paths_grouped(q) -%}
    {%- if q.groups -%}
    case {% for group in q.groups %}when {{ sql_like('plain', group.pattern) }} then {{ sql_text(group.name) }} {% endfor %}else plain end
    {%- else -%}
    plain
    {%- endif -%}
{%- endmacro %}

{% macro paths_any(ones) -%}
    ({% for one in ones %}{{ event_matches(one) }}{{ ' or ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# CTEs up to `moves`: one row per walk and move, from a source to a target; no source where a walk to the anchor
   begins, no target where a walk from it ends. #}
{% macro paths_moves(q) -%}
    plain as (
        select
            {{ q.key }} as unit, person_id, event_at as moment, event_id, {{ paths_node(q) }} as plain,
            coalesce(event_date between {{ q.first_day }} and {{ q.last_day }}
                {%- if q.anchor %} and {{ event_matches(q.anchor) }}{% endif %}
                {%- for filter in q.segment %} and {{ property_matches(filter) }}{% endfor %}, false) as is_anchor
        from {{ q.events }}
        where {{ q.unit }} is not null
        {%- if q.keep %} and ({{ paths_any(q.keep) }}{% if q.anchor %} or {{ event_matches(q.anchor) }}{% endif %}){% endif %}
        {%- if q.leave_out %} and not coalesce({{ paths_any(q.leave_out) }}, false){% endif %}
    ),
    named as (
        select *, {{ paths_grouped(q) }} as node from plain where plain is not null
    ),
    with_before as (
        select *, lag(node) over (partition by unit order by moment, event_id) as node_before from named
    ),
    with_stays as (
        select
            *,
            sum({{ 'case when node = node_before then 0 else 1 end' if q.collapse else '1' }}) over (
                partition by unit order by moment, event_id rows between unbounded preceding and current row
            ) as stay
        from with_before
    ),
    stays as (
        select unit, stay, max(node) as node, max(person_id) as person_id, bool_or(is_anchor) as is_anchor
        from with_stays
        group by unit, stay
    ),
    anchors as (
        select unit, min(stay) as stay from stays where is_anchor group by unit
    ),
    walks as (
        select stays.unit, stays.person_id, stays.node, cast(stays.stay - anchors.stay as integer) as place
        from stays
        inner join anchors on stays.unit = anchors.unit
        where stays.stay - anchors.stay between {{ '0 and ' ~ q.steps if q.direction == 'from' else (0 - q.steps) ~ ' and 0' }}
    ),
    moves as (
        {% if q.direction == 'from' -%}
        select here.unit, here.person_id, here.place, here.node as source, there.node as target
        from walks as here
        left join walks as there on here.unit = there.unit and there.place = here.place + 1
        where here.place < {{ q.steps }}
        {%- else -%}
        select there.unit, there.person_id, there.place - 1 as place, here.node as source, there.node as target
        from walks as there
        left join walks as here on there.unit = here.unit and here.place = there.place - 1
        where there.place > {{ 0 - q.steps }}
        {%- endif %}
    )
{%- endmacro %}

{# Moves at each place: transitions (moves) and persons (each once). #}
{% macro paths_flow(q) -%}
    with {{ paths_moves(q) }}
    select place, source, target, count(*) as transitions, count(distinct person_id) as persons
    from moves
    group by place, source, target
    order by place, transitions desc, source, target
{%- endmacro %}

{# The transition matrix: moves from a source to a target wherever they happen on the way. #}
{% macro paths_matrix(q) -%}
    with {{ paths_moves(q) }}
    select source, target, count(*) as transitions, count(distinct person_id) as persons
    from moves
    group by source, target
    order by transitions desc, source, target
{%- endmacro %}

{# Whole walks, the commonest first. #}
{% macro paths_walks(q, top) -%}
    with {{ paths_moves(q) }},
    whole as (
        select unit, max(person_id) as person_id, list(node order by place) as nodes from walks group by unit
    )
    select nodes, count(*) as walks, count(distinct person_id) as persons
    from whole
    group by nodes
    order by walks desc, nodes
    limit {{ top }}
{%- endmacro %}

{# Who made a move (S10), at one place or anywhere. #}
{% macro paths_persons(q, source, target, place=none) -%}
    with {{ paths_moves(q) }}
    select person_id, count(*) as transitions
    from moves
    where source is not distinct from {{ sql_text(source) if source is not none else 'null' }}
        and target is not distinct from {{ sql_text(target) if target is not none else 'null' }}
        {%- if place is not none %} and place = {{ place }}{% endif %}
    group by person_id
    order by person_id
{%- endmacro %}

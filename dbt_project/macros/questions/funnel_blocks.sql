{# Windows of steps in any order: an event carries a way on if the event before it on that way is no longer ago than
   the window of its step; the step may have been done before. From every start another way goes on, and each start later
   than it and before the event leads there too: so the starts that lead to an event are those of one stretch of time,
   and these stretches lie within each other. A level is a window of steps, the shortest first, no window last. A way that
   is carried by the windows up to a level goes on until a gap that none of them spans: between such gaps lies a block.
   An event of level n is reached from all of its block n, since an event with a window as long as that lies before
   it in its block n - 1, or is itself. #}
{% macro funnel_has_windows(plan) -%}
    {{ 'yes' if plan.levels | map(attribute='seconds') | select | list }}
{%- endmacro %}

{# CTE `blocks`: events of the steps with the block of each level, the event's own level, and the block of that. #}
{% macro funnel_blocks(plan) -%}
    {%- if not funnel_has_windows(plan) -%}
    blocks as (select * from asked where mask > 0)
    {%- else -%}
    {%- set bounded = plan.levels | selectattr('seconds') | list -%}
    classed as (
        select *, case {% for level in plan.levels | reverse %}when (mask & {{ level.mask }}) > 0 then {{ loop.revindex }} {% endfor %}end as class
        from asked
        where mask > 0
    ),
    {# Whether some event later than this instant is near enough for its window, taken as at most that of the level. #}
    spanned as (
        select
            *
            {%- for level in bounded %},
            coalesce(max(class) over (
                partition by unit order by moment
                range between interval '1 microsecond' following and {{ funnel_span(level.seconds) }} following
            ), 0) >= {{ loop.index }} as is_spanned_{{ loop.index }}
            {%- endfor %}
        from classed
    ),
    parted as (
        select
            *
            {%- for level in bounded %},
            count(*) filter (
                where not ({% for below in range(1, loop.index + 1) %}is_spanned_{{ below }}{{ ' or ' if not loop.last }}{% endfor %})
            ) over earlier as block_{{ loop.index }}
            {%- endfor %}
        from spanned
        window earlier as (
            partition by unit order by moment range between unbounded preceding and interval '1 microsecond' preceding
        )
    ),
    levelled as (
        select
            *,
            1{% for level in plan.levels[1:] %} + cast(
                {%- for below in range(1, loop.index + 1) %}
                max(class) over (partition by unit, block_{{ below }} order by moment) >= {{ below + 1 }}{{ ' and' if not loop.last }}
                {%- endfor %} as integer)
            {%- endfor %} as level
        from parted
    ),
    blocks as (
        select *, case level {% for level in bounded %}when {{ loop.index }} then block_{{ loop.index }} {% endfor %}else 0 end as block
        from levelled
    )
    {%- endif -%}
{%- endmacro %}

{# A window for each level: what lies ahead, up to the end of the funnel's window, in this event's block. #}
{% macro funnel_frames(q, plan) -%}
    {%- for level in plan.levels %}
            level_{{ loop.index }} as (
                partition by unit{{ ', block_' ~ loop.index if level.seconds }} order by moment
                range between current row and {{ funnel_span(q.window_seconds) }} following
            )
    {{- ',' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

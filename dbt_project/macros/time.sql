{# Time (X3, X5, X10): stored in UTC, shown in the company's zone; "now" is a row of the workspace's settings. #}

{# The instant before which facts count. #}
{% macro as_of() -%}
    (select as_of from {{ source('workspace', 'settings') }})
{%- endmacro %}

{# The last day, in the reporting zone, of which anything is known. #}
{% macro as_of_date() -%}
    (select as_of_date from {{ source('workspace', 'settings') }})
{%- endmacro %}

{# Whether a UTC timestamp lies before as_of; rows without a time stay. #}
{% macro before_as_of(ts) -%}
    ({{ ts }} is null or {{ ts }} < {{ as_of() }})
{%- endmacro %}

{# The day of a UTC timestamp in the reporting zone. #}
{% macro local_date(ts, zone=none) -%}
    {{ adapter.dispatch('local_date', 'opsloop')(ts, zone or var('time_zone')) }}
{%- endmacro %}

{% macro default__local_date(ts, zone) -%}
    cast(timezone('{{ zone }}', timezone('UTC', {{ ts }})) as date)
{%- endmacro %}

{# The UTC instant of a local timestamp; an ambiguous one is the first, a non-existent one is shifted forward. #}
{% macro local_to_utc(ts, zone=none) -%}
    {{ adapter.dispatch('local_to_utc', 'opsloop')(ts, zone or var('time_zone')) }}
{%- endmacro %}

{# DuckDB takes the last of two; an hour earlier is the first where it shows the same local time. #}
{% macro default__local_to_utc(ts, zone) -%}
    {%- set last = "timezone('UTC', timezone('" ~ zone ~ "', " ~ ts ~ "))" -%}
    case
        when timezone('{{ zone }}', timezone('UTC', {{ last }} - interval 1 hour)) = {{ ts }} then {{ last }} - interval 1 hour
        else {{ last }}
    end
{%- endmacro %}

{# The first day of the company's week that holds the day. #}
{% macro week_start_of(day) -%}
    {%- set offset = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].index(var('week_start')) -%}
    {{ adapter.dispatch('week_start_of', 'opsloop')(day, offset) }}
{%- endmacro %}

{% macro default__week_start_of(day, offset) -%}
    cast(date_trunc('week', {{ day }} - {{ offset }}) as date) + {{ offset }}
{%- endmacro %}

{# The last day up to which all topics named (see fct_arrivals) have arrived whole; without any, there is no waiting. #}
{% macro arrived_until(topics=[]) -%}
    {%- if topics -%}
    (select coalesce(min(arrived_until), {{ as_of_date() }}) from {{ ref('fct_arrivals') }}
        where topic in ('{{ topics | join("', '") }}'))
    {%- else -%}
    {{ as_of_date() }}
    {%- endif -%}
{%- endmacro %}

{# How sure a row of that day is: its day not over, a topic it needs not there yet, its window still open, or done. #}
{% macro maturity(day, window_days=0, needs=[]) -%}
    {{ maturity_at(day, window_days, as_of_date(), arrived_until(needs)) }}
{%- endmacro %}

{# How sure a row of a day is (X5), given the last day that counts (`today`, itself not over) and the last day up to
   which all that the row needs has arrived. Nothing here is of dbt, so that the metrics client renders it too. #}
{% macro maturity_at(day, window_days, today, arrived_until) -%}
    case
        when {{ day }} >= {{ today }} then 'partial'
        when {{ day }} > {{ arrived_until }} then 'late'
        when {{ day }} + {{ window_days }} >= least({{ today }}, {{ arrived_until }} + 1) then 'maturing'
        else 'mature'
    end
{%- endmacro %}

{# The share that no rule matched has a check (S4): over 5 %, rules are missing. #}
{{ config(severity='warn') }}

select
    count(*) filter (where channel = 'unassigned') as unassigned,
    count(*) as sessions
from {{ ref('fct_sessions') }}
having count(*) filter (where channel = 'unassigned') > 0.05 * count(*)

{# A funnel only narrows: nobody reaches a step without the one before (S5). #}
select *
from {{ ref('fct_funnel_daily') }}
qualify persons > lag(persons) over (partition by funnel_name, entry_date order by step_index)

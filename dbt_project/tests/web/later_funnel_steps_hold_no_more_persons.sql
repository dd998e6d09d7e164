{# A funnel only narrows: nobody reaches a step without the one before that all have to pass (S5). #}
select *
from {{ ref('fct_funnel_daily') }}
where not is_optional
qualify persons > lag(persons) over (partition by funnel_name, entry_date order by step_index)

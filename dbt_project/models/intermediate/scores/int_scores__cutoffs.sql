{# The score cut-off is the first day that is not yet whole: everything before it is known. #}
{%- set horizon = var('horizon_days') -%}
{%- set spacing_days = 30 -%}
{%- set training_cutoffs = 12 -%}
{%- set least_history_days = 60 -%}

with

present as (

    select
        {{ local_date(as_of()) }} as score_date,
        (select min(order_date) from {{ ref('fct_orders') }}) as first_order_date

),

placed as (

    select
        'score' as cutoff_role,
        score_date as cutoff_date
    from present
    union all
    select
        'holdout' as cutoff_role,
        score_date - {{ horizon }} as cutoff_date
    from present
    {%- for step in range(training_cutoffs) %}
    union all
    select
        'train' as cutoff_role,
        score_date - {{ 2 * horizon + spacing_days * step }} as cutoff_date
    from present
    {%- endfor %}

)

select
    placed.cutoff_role,
    placed.cutoff_date,
    placed.cutoff_date + {{ horizon }} as horizon_end_date,
    cast({{ horizon }} as integer) as horizon_days
from placed
cross join present
where
    placed.cutoff_role = 'score'
    or placed.cutoff_date >= present.first_order_date + {{ least_history_days }}

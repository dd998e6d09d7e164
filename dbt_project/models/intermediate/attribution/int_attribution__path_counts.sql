{{ config(materialized='table') }}
{%- set rules = dict(var('attribution'), conversion_cycles=true) -%}
with

trail_touches as (

    {{ attribution_touches(ref('int_attribution__trails'), ref('fct_sessions'), rules) }}

),

path_counts as (

    {{ attribution_path_counts(ref('fct_touches'), 'trail_touches') }}

)

select * from path_counts

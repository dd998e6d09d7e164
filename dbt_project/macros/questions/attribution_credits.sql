{# Who gets the credit (T1, T2). conversions: as for the touches, with value; touches: one row per conversion and touch;
   effects: conversion_kind, channel, removal_effect. rules: position_first, position_last (shares), half_life_days.

   A model gives each touch a whole number as weight. Credit in millionths and money in cents go out by largest
   remainder, ties by order of touch, in whole numbers alone, so that each conversion gives away exactly itself. What a
   change of currency leaves under a cent goes with the first unit of the remainder. #}
{% macro attribution_credits(conversions, touches, effects, rules, models=[
    'first', 'last', 'last_non_direct', 'linear', 'position', 'decay', 'markov', 'shapley'
]) -%}
with touched as (

    {{ attribution_touched(conversions, touches, effects) }}

),

models as (

    select unnest({{ models }}) as attribution_model

),

{# Most credit is whole: nothing has to be shared out. #}
whole as (

    select
        touched.*,
        attribution_model,
        cast(1000000 as bigint) as credit,
        cast(0 as decimal(20, 0)) as cents,
        value as rest
    from touched
    cross join models
    where touches = 1
        or (attribution_model = 'first' and touch_index = 1)
        or (attribution_model = 'last' and touch_index = touches)
        or (attribution_model = 'last_non_direct' and touch_index = coalesce(last_non_direct, touches))

),

{# Only what the shares are made of goes through the windows. #}
weighted as (

    select
        conversion_kind, conversion_id, touch_index, value, whole_cents, attribution_model,
        {{ attribution_weight(rules) }} as weight
    from touched
    cross join models
    where touches > 1 and attribution_model not in ('first', 'last', 'last_non_direct')

),

{{ attribution_shared() }}

select * from whole
union all by name
select touched.*, shared.attribution_model, shared.credit, shared.cents, shared.rest
from shared
inner join touched
    on shared.conversion_kind = touched.conversion_kind
    and shared.conversion_id = touched.conversion_id
    and shared.touch_index = touched.touch_index
where shared.credit > 0 or shared.cents <> 0 or shared.rest <> 0
{%- endmacro %}

{# One row per conversion and touch, with what the models weigh touches by; no touch is the channel unattributed. #}
{% macro attribution_touched(conversions, touches, effects) -%}
select
    conversions.conversion_kind, conversions.conversion_id, conversions.person_id, conversions.conversion_date,
    conversions.maturity, cast(coalesce(conversions.value, 0) as decimal(24, 6)) as value,
    coalesce(touches.touch_date, conversions.conversion_date) as touch_date,
    coalesce(touches.touch_index, 1) as touch_index,
    coalesce(touches.touches, 1) as touches,
    coalesce(touches.channel, 'unattributed') as channel,
    touches.channel_class, touches.campaign, touches.source, touches.medium,
    cast(floor(abs(coalesce(conversions.value, 0)) * 100) as bigint) as whole_cents,
    epoch_us(max(touches.touch_at) over path) - epoch_us(touches.touch_at) as micros_before_last,
    max(case when touches.channel <> 'direct' then touches.touch_index end) over path as last_non_direct,
    count(*) over (
        partition by conversions.conversion_kind, conversions.conversion_id, touches.channel
    ) as touches_of_channel,
    greatest(cast(round(coalesce(effects.removal_effect, 0) * 1e8) as bigint), 1) as effect
from {{ conversions }} as conversions
left join {{ touches }} as touches
    on conversions.conversion_kind = touches.conversion_kind and conversions.conversion_id = touches.conversion_id
left join {{ effects }} as effects
    on touches.conversion_kind = effects.conversion_kind and touches.channel = effects.channel
window path as (partition by conversions.conversion_kind, conversions.conversion_id)
{%- endmacro %}

{# A touch's weight, at most a million millions, so that a million times it is no wider than a bigint. Decay: half as
   much for each half-life before the last touch. A channel's weight under Markov is its removal effect, under Shapley
   alike for all; its touches share it evenly, in parts that all numbers to 24, or to 10, divide. #}
{% macro attribution_weight(rules) -%}
{%- set first = (rules.position_first * 10000) | round | int -%}
{%- set last = (rules.position_last * 10000) | round | int -%}
cast(case
    when attribution_model = 'linear' then 1
    when attribution_model = 'shapley' then 535422888000 // touches_of_channel
    when attribution_model = 'markov' then effect * 5040 // touches_of_channel
    when attribution_model = 'decay'
        then round(power(2.0, -micros_before_last / {{ rules.half_life_days * 86400e6 }}) * 1e12)
    when touches = 2 and {{ first + last }} = 0 then 1
    when touch_index = 1 then {{ first }} * greatest(touches - 2, 1)
    when touch_index = touches then {{ last }} * greatest(touches - 2, 1)
    else {{ 10000 - first - last }}
end as bigint)
{%- endmacro %}

{# Weights as credit and cents by largest remainder; expects weighted and names shared. #}
{% macro attribution_shared() -%}
{%- set model = 'partition by conversion_kind, conversion_id, attribution_model' -%}
summed as (

    select *, cast(sum(weight) over ({{ model }}) as bigint) as weights from weighted

),

divided as (

    select
        *,
        1000000 * weight // weights as credit_floor,
        1000000 * weight % weights as credit_left,
        {{ attribution_wide('//') }} as cents_floor,
        {{ attribution_wide('%') }} as cents_left
    from summed

),

ranked as (

    select
        *,
        row_number() over ({{ model }} order by credit_left desc, touch_index) as credit_rank,
        row_number() over ({{ model }} order by cents_left desc, touch_index) as cents_rank,
        1000000 - sum(credit_floor) over ({{ model }}) as credits_to_give,
        whole_cents - sum(cents_floor) over ({{ model }}) as cents_to_give
    from divided

),

shared as (

    select
        conversion_kind,
        conversion_id,
        touch_index,
        attribution_model,
        cast(credit_floor + cast(credit_rank <= credits_to_give as integer) as bigint) as credit,
        cast(
            cast(sign(value) as integer) * (cents_floor + cast(cents_rank <= cents_to_give as integer)) as decimal(20, 0)
        ) as cents,
        case
            when cents_rank = 1 then value - cast(sign(value) as integer) * cast(whole_cents as decimal(20, 0)) * 0.01
            else 0
        end as rest
    from ranked

)
{%- endmacro %}

{# Cents times a weight, divided: in bigints where that is safe, since wider division is ten times as slow. #}
{% macro attribution_wide(division) -%}
case
    when whole_cents < 9000000 then whole_cents * weight {{ division }} weights
    else cast(cast(whole_cents as hugeint) * weight {{ division }} weights as bigint)
end
{%- endmacro %}

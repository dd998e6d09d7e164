with

touches as (

    {{ attribution_touches(ref('int_attribution__conversions'), ref('fct_sessions'), var('attribution')) }}

)

select
    conversion_id,
    conversion_kind,
    person_id,
    conversion_at,
    conversion_date,
    session_id,
    touch_at,
    touch_date,
    touch_index,
    touches,
    channel,
    channel_class,
    campaign,
    source,
    medium,
    maturity
from touches

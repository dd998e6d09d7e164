{# The rules see each combination once, not each session; ads are here, so that spend meets the traffic it bought. #}
with

combinations as (

    select distinct source, medium, campaign from {{ ref('int_sessions__sessions') }}
    union
    select source, medium, coalesce(campaign_name, '(not set)') from {{ ref('int_ads__performance') }}
    where source is not null and medium is not null

),

with_channel as (

    {{ channel_of('combinations') }}

)

select * from with_channel

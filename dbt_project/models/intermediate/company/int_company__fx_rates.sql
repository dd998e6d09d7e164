{# Where several sources give a rate, the first by name holds. #}
with

unioned as (

    select * from {{ ref('stg_company__fx_rates') }}
    union all by name
    select * from {{ ref('stg_mapped__fx_rates') }}

),

conformed as (

    select
        date_day,
        from_currency,
        to_currency,
        rate,
        source_name
    from unioned
    where date_day <= {{ as_of_date() }}
    qualify row_number() over (partition by date_day, from_currency, to_currency order by source_name) = 1

)

select * from conformed

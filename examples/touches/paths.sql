-- A table of paths for `opsloop attribute`, of the file in the folder where DuckDB runs: a path begins with a customer's
-- first touch or after a conversion, and ends with a conversion or with nothing.
copy (
    with

    touches as (

        select
            *,
            coalesce(
                sum(conversion) over (
                    partition by customer_id order by time rows between unbounded preceding and 1 preceding
                ),
                0
            ) as conversions_before
        from 'attribution_data.csv'

    ),

    journeys as (

        select
            string_agg(channel, ' > ' order by time) as path,
            max(conversion) as converted,
            sum(conversion_value) as value
        from touches
        group by customer_id, conversions_before

    )

    select path, sum(converted) as conversions, sum(value) as value, sum(1 - converted) as nulls
    from journeys
    group by path
    order by path
) to '/dev/stdout' (format csv, header);

with

checks as (

    {% for kind in ['landing', 'conforming', 'mart', 'money', 'acquisition', 'credit', 'request', 'lifecycle', 'movement'] -%}
    select
        check_name,
        source_name,
        stream,
        {{ money('coalesce(expected, 0)') }} as expected,
        {{ money('coalesce(arrived, 0)') }} as arrived,
        {{ money('coalesce(left_out, 0)') }} as left_out,
        explanation
    from {{ ref('int_quality__' ~ kind ~ '_checks') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (

    select
        check_name,
        source_name,
        stream,
        expected,
        {{ money('arrived + left_out') }} as actual,
        left_out,
        {{ money('expected - arrived - left_out') }} as residual,
        expected = arrived + left_out as is_balanced,
        explanation
    from checks

)

select * from final

{{ attribution_trails(ref('int_attribution__conversions'), ref('fct_sessions')) }}

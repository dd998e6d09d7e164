{# What the marts ask of the retention question: first-ever starts on the calendar, all cells up to now. #}
{% macro retention_of_marts(grain, needs=[]) %}
    {% set weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] %}
    {% do return({
        'start': 'first',
        'same': true,
        'grain': grain,
        'week_offset': weekdays.index(var('week_start')),
        'clock': 'calendar',
        'kind': 'on',
        'brackets': [],
        'horizon': none,
        'cohorts_from': none,
        'cohorts_until': none,
        'denominator': 'cohort',
        'as_of': as_of(),
        'as_of_date': as_of_date(),
        'arrived_until': arrived_until(needs),
        'settle_days': var('web_days', 3),
    }) %}
{% endmacro %}

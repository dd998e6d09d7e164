{# Identity (D2, D3): the kinds of ids that make a person, and what is written where there is no id. #}

{% macro id_kinds() %}
    {% do return([
        'user_id', 'email_hash', 'phone_hash', 'crm_contact', 'customer_id', 'openid', 'unionid', 'external_userid'
    ]) %}
{% endmacro %}

{# The id, or nothing where a tool wrote a word for "no id" in its place; the words are those that Mixpanel and Amplitude
   publish. Only a short id can be one of them, so that long ones cost no comparison. #}
{% macro real_id(id) -%}
    case
        when length({{ id }}) <= 15
            and lower(trim({{ id }})) in (
                '', '0', '-', '-1', 'null', 'nil', 'none', 'nan', 'n/a', 'na', 'undefined', 'unknown', 'anonymous', 'anon',
                'guest', 'true', 'false', '(none)', '(null)', '(not set)', '(not provided)', 'not set', '<null>', '<nil>',
                '[]', '{}', '[object object]'
            ) then null
        when {{ id }} = '00000000-0000-0000-0000-000000000000' then null
        else {{ id }}
    end
{%- endmacro %}

{# The name of a person named by an id. #}
{% macro person_named_by(kind, value) -%}
    'p_' || md5({{ kind }} || ':' || {{ value }})
{%- endmacro %}

{# Identity (D2, D3): the kinds of ids that make a person, and what is written where there is no id. #}

{% macro id_kinds() %}
    {% do return([
        'user_id', 'email_hash', 'phone_hash', 'crm_contact', 'customer_id', 'openid', 'unionid', 'external_userid'
    ]) %}
{% endmacro %}

{# The id, or nothing where a tracker or an export wrote a word for nobody; the lists that Mixpanel and Amplitude publish. #}
{% macro known_id(column) -%}
    {%- set words = [
        '', '0', '-', '-1', 'null', 'nil', 'none', 'nan', 'n/a', 'na', 'undefined', 'unknown', 'anonymous', 'anon', 'guest',
        'true', 'false', '(none)', '(null)', '(not set)', '(not provided)', 'not set', '<null>', '<nil>', '[]', '{}',
        '[object object]', '00000000-0000-0000-0000-000000000000'
    ] -%}
    case when lower(trim({{ column }})) not in ('{{ words | join("', '") }}') then {{ column }} end
{%- endmacro %}

{# The name of a person named by an id. #}
{% macro person_named_by(kind, value) -%}
    'p_' || md5({{ kind }} || ':' || {{ value }})
{%- endmacro %}

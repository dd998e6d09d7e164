{# Parts of a web address; each engine has its own text functions. #}

{# The host in small letters without "www."; nothing where the text is no address. #}
{% macro url_host(url) -%}
    {{ adapter.dispatch('url_host', 'opsloop')(url) }}
{%- endmacro %}

{% macro default__url_host(url) -%}
    nullif(regexp_extract(lower({{ url }}), '^[a-z][a-z0-9+.-]*://(?:www\.)?([^/?#:]+)', 1), '')
{%- endmacro %}

{# The path without query, fragment and last slash; "/" is the front page. #}
{% macro url_path(url) -%}
    {{ adapter.dispatch('url_path', 'opsloop')(url) }}
{%- endmacro %}

{% macro default__url_path(url) -%}
    '/' || trim(regexp_extract({{ url }}, '^(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)?([^?#]*)', 1), '/')
{%- endmacro %}

{# The value of a query parameter, decoded; nothing where it is absent or empty. #}
{% macro url_parameter(url, name) -%}
    {{ adapter.dispatch('url_parameter', 'opsloop')(url, name) }}
{%- endmacro %}

{% macro default__url_parameter(url, name) -%}
    case
        when contains({{ url }}, '{{ name }}=')
            then nullif(url_decode(replace(regexp_extract({{ url }}, '[?&]{{ name }}=([^&#]*)', 1), '+', ' ')), '')
    end
{%- endmacro %}

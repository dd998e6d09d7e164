{# Conservation (X2): with the unattributed row, each model's credit is the conversions of each kind and their money. #}
select * from {{ ref('int_quality__credit_checks') }} where arrived is distinct from expected

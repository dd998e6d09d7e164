"""Which former person ids lead to whom (D2)."""

from __future__ import annotations

import hashlib

import duckdb
from identity_sql import rows_of

INPUTS = """
create table person_ids as select 'user_id' as id_kind, 'u1' as id_value, 'p_first' as person_id;
create table int_identity__visitors as
select * from (values
    ('shared', 'p_ann', true, timestamp '2026-01-01'), ('shared', 'p_bob', true, timestamp '2026-02-01'),
    ('nobodys', 'v_nobodys', false, timestamp '2026-01-01')
) as t (visitor_id, person_id, is_known, owned_from);
create table int_customers__orders as
select * from (values
    ('shop', '1', 'p_ann'), ('shop', '2', 'o_shop_2'), ('shop', 'c3', 'p_bob'), ('shop', '4', 'o_shop_c3')
) as t (source_name, order_id, person_id);
create table int_customers__leads as
select * from (values ('crm', '1', 'p_bob'), ('crm', '2', 'l_crm_2')) as t (source_name, lead_id, person_id);
"""


def test_who_was_only_a_browser_an_order_or_a_lead_is_found_under_the_present_name() -> None:
    """D2, D1: a browser goes to its first owner; a name that somebody has at present is no former one."""
    with duckdb.connect() as connection:
        connection.execute(INPUTS)
        found = dict(rows_of(connection, "marts/persons/dim_person_aliases", "former_person_id, person_id"))
    named = f"p_{hashlib.md5(b'user_id:u1', usedforsecurity=False).hexdigest()}"
    assert found == {
        named: "p_first",
        "v_shared": "p_ann",
        "o_shop_1": "p_ann",
        "o_shop_4": "o_shop_c3",
        "l_crm_1": "p_bob",
    }

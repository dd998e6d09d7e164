"""Health of identity on a handful of rows, counted by hand."""

from __future__ import annotations

import duckdb
from identity_sql import rows_of

INPUTS = """
create table person_ids (id_kind varchar, id_value varchar, person_id varchar);
insert into person_ids values
    ('user_id', 'a', 'p_1'), ('user_id', 'b', 'p_1'), ('email_hash', 'c', 'p_1'), ('user_id', 'd', 'p_2');
create table int_identity__visitors as
select * from (values ('x', 'p_1'), ('x', 'p_2'), ('y', 'v_y')) as t (visitor_id, person_id);
create table fct_identity_held_back as
select * from (values ('limit', 'email_hash', 'c'), ('limit', 'email_hash', 'c'), ('not_an_id', 'user_id', 'null'))
    as t (reason, id_kind, id_value);
create table fct_orders as
select * from (values ('p_1', 30.5), ('o_shop_1', 9.5), (null, 10)) as t (person_id, revenue_gross);
create table fct_leads as select 'l_crm_1' as person_id;
create table fct_sessions as select unnest(['v_y', 'p_1', 'p_2', 'p_2']) as person_id;
"""


def test_measures_are_what_a_hand_counts() -> None:
    """D8: ids per person, merge rate, and what no person could be given to, each with its denominator."""
    with duckdb.connect() as connection:
        connection.execute(INPUTS)
        found = rows_of(connection, "marts/persons/fct_identity_health")
    assert {(measure, part): (float(n), None if of is None else float(of)) for measure, part, n, of in found} == {
        ("ids_per_person", "all"): (4, 2),
        ("ids_per_person", "user_id"): (3, 2),
        ("ids_per_person", "email_hash"): (1, 2),
        ("merge_rate", "all"): (1, 2),
        ("most_ids_of_a_person", "all"): (3, None),
        ("ids_held_back", "all"): (1, 4),
        ("browsers_with_several_owners", "all"): (1, 2),
        ("orders_without_a_person", "all"): (2, 3),
        ("revenue_without_a_person", "all"): (19.5, 50),
        ("leads_without_a_person", "all"): (1, 1),
        ("sessions_without_a_person", "all"): (1, 4),
    }


def test_a_company_without_anybody_has_measures_of_nothing() -> None:
    """D8: an empty workspace is no error."""
    with duckdb.connect() as connection:
        connection.execute(INPUTS)
        for table in ("person_ids", "int_identity__visitors", "fct_orders", "fct_leads", "fct_sessions"):
            connection.execute(f"delete from {table}")
        found = rows_of(connection, "marts/persons/fct_identity_health")
    assert {float(numerator) for _, _, numerator, _ in found} <= {0, 1}

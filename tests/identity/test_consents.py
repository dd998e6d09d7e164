"""Consent by purpose, version and time, and who is left out for want of it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from identity_sql import rows_of, sql_of

INPUTS = """
create table settings as select timestamp '2026-03-10' as as_of, date '2026-03-09' as as_of_date;
create table dim_dates as
select cast(d as date) as date_day from range(date '2026-01-01', date '2026-04-01', interval 1 day) as t (d);
create table person_ids (id_kind varchar, id_value varchar, person_id varchar);
insert into person_ids values
    ('user_id', 'ann', 'p_ann'), ('email_hash', 'ann@', 'p_ann'), ('user_id', 'bob', 'p_bob'),
    ('crm_contact', 'cmp:7', 'p_eve');
create table int_consents__consents (
    source_name varchar, consent_id varchar, user_id varchar, email_hash varchar, phone_hash varchar,
    customer_id varchar, contact_id varchar, purpose varchar, policy_version varchar, is_granted boolean,
    consented_at timestamp
);
insert into int_consents__consents
select 'cmp', 'c' || n, user_id, email_hash, null, null, contact_id, purpose, version, granted, moment
from (values
    (1, 'ann', null, null, 'profiling', 'v1', true, timestamp '2026-01-05'),
    (2, null, 'ann@', null, 'profiling', 'v2', false, timestamp '2026-02-05'),
    (3, 'bob', null, null, 'profiling', 'v1', true, timestamp '2026-01-06'),
    (4, null, null, '7', 'email', 'v1', true, timestamp '2026-01-07'),
    (5, 'bob', null, null, 'email', 'v1', true, timestamp '2026-01-08'),
    (6, 'bob', null, null, 'email', 'v1', false, timestamp '2026-01-08'),
    (7, 'nobody', null, null, 'email', 'v1', true, timestamp '2026-01-09')
) as t (n, user_id, email_hash, contact_id, purpose, version, granted, moment);
create table customer_scores (
    person_id varchar, scored_on date, churn_probability double, churn_band varchar, churn_reason_1 varchar,
    churn_reason_2 varchar, churn_reason_3 varchar, ltv_expected double, ltv_low double, ltv_high double,
    model_version varchar
);
insert into customer_scores by name
select unnest(['p_ann', 'p_bob', 'p_eve', 'p_bob_before', 'p_bob_once']) as person_id, date '2026-03-01' as scored_on;
insert into customer_scores by name select 'p_bob_once' as person_id, date '2026-02-01' as scored_on;
create table dim_person_aliases (former_person_id varchar, person_id varchar);
insert into dim_person_aliases values ('p_bob_before', 'p_bob');
create table person_aliases (former_person_id varchar, person_id varchar);
insert into person_aliases values ('p_bob_once', 'p_bob'), ('p_bob_before', 'p_old_tale');
"""


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Seven answers, and scores under present and former names."""
    with duckdb.connect() as made:
        made.execute("set TimeZone = 'UTC'")
        made.execute(INPUTS)
        made.execute(f"create table fct_consents as {sql_of('marts/consents/fct_consents')}")
        yield made


def test_the_last_answer_for_a_purpose_holds_and_of_two_at_one_instant_the_refusal(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """D7: by person, whichever id the answer named; who cannot be named has no present answer."""
    current = connection.execute("select consent_id from fct_consents where is_current order by all").fetchall()
    assert [one for (one,) in current] == ["c2", "c3", "c4", "c6"]
    assert connection.execute("select count(*) from fct_consents").fetchall() == [(7,)]


def test_who_has_not_consented_to_the_purpose_has_no_score(connection: duckdb.DuckDBPyConnection) -> None:
    """D7, D2: Ann withdrew, Eve was asked for another purpose; Bob's scores under former names are his, once a day."""
    scores = rows_of(connection, "marts/customers/fct_customer_scores", "person_id, cast(scored_on as varchar)")
    assert scores == [("p_bob", "2026-02-01"), ("p_bob", "2026-03-01")]


def test_a_company_that_keeps_no_consents_leaves_nobody_out(connection: duckdb.DuckDBPyConnection) -> None:
    """D7: without a single answer there is nothing to go by; former names are resolved all the same (D2)."""
    connection.execute("delete from fct_consents")
    scores = rows_of(connection, "marts/customers/fct_customer_scores", "person_id, cast(scored_on as varchar)")
    assert [person for person, day in scores if day == "2026-03-01"] == ["p_ann", "p_bob", "p_eve"]


def test_versions_add_up_to_all_who_have_answered_by_the_end_of_each_month(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """D7: share by version and over time; an answer under a new version leaves the old one."""
    columns = "cast(month as varchar), policy_version, persons, persons_granted, maturity"
    rows = rows_of(connection, "marts/consents/fct_consents_monthly", f"purpose, {columns}")
    assert [row[1:] for row in rows if row[0] == "profiling"] == [
        ("2026-01-01", "v1", 2, 2, "mature"),
        ("2026-02-01", "v1", 1, 1, "mature"),
        ("2026-02-01", "v2", 1, 0, "mature"),
        ("2026-03-01", "v1", 1, 1, "partial"),
        ("2026-03-01", "v2", 1, 0, "partial"),
    ]
    assert {row[3:5] for row in rows if row[0] == "email"} == {(2, 1)}

"""Who may see what: grants, and the secure views that hold them for every relation of a snapshot."""

from datetime import date

import pytest

from indicators.planner import Request
from indicators.registry import load_registry
from serving import policy
from serving.access import EVERYTHING, NOTHING, AccessScope, grant, grants, revoke, scope_of
from serving.errors import AccessRefused, OutOfScope, QueryFailed
from serving.query import ask

TODAY = date(2026, 10, 31)
DEALER, BAVARIA = AccessScope("dealer", ("D0007", "D0008")), AccessScope("region", ("DE-BY",))


@pytest.fixture
def state_file(tmp_path):
    return tmp_path / "state" / "state.sqlite"


def relations(snapshot) -> dict[str, list[str]]:
    rows = snapshot.query(
        "SELECT schema_name || '.' || table_name AS name, list(column_name) AS columns FROM duckdb_columns()"
        " WHERE database_name = 'snap' AND schema_name <> 'main' GROUP BY ALL"
    ).to_pylist()
    return {row["name"]: row["columns"] for row in rows}


def test_a_cursor_without_a_scope_sees_no_row_of_any_relation(store):
    snapshot = store.snapshot()
    cursor = snapshot.opened.connection.cursor()
    for name in relations(snapshot):
        assert cursor.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,), name


def test_a_stranger_sees_no_row_of_any_relation(store):
    snapshot = store.snapshot().seen_by(NOTHING)
    for name in relations(snapshot):
        assert snapshot.query(f"SELECT count(*) AS n FROM {name}").to_pylist() == [{"n": 0}], name


@pytest.mark.parametrize("scope", [DEALER, BAVARIA])
def test_no_relation_shows_a_dealer_or_region_of_others(store, scope):
    everything, mine = store.snapshot(), store.snapshot().seen_by(scope)
    own = {row["dealer_id"] for row in mine.query("SELECT dealer_id FROM serving.srv_dealer").to_pylist()}
    assert 0 < len(own) < 10
    checked = 0
    for name, columns in relations(everything).items():
        if name in policy.OPEN:
            continue
        rows = mine.query(f"SELECT * FROM {name}").to_pylist()
        if "dealer_id" in columns:
            whole = everything.query(f"SELECT count(*) AS n FROM {name}").to_pylist()[0]["n"]
            assert {row["dealer_id"] for row in rows} <= own, name
            assert 0 < len(rows) < whole, name
            checked += 1
        elif "region_code" not in columns and name not in policy.OF_NETWORK:
            assert rows == [], name
    assert checked >= 5


def test_what_is_open_names_no_dealer_and_no_person(store):
    columns = relations(store.snapshot())
    for name in policy.OPEN & set(columns):
        assert not {"dealer_id", "person_no", "one_id", "advisor_id"} & set(columns[name]), name


def test_a_reader_cannot_widen_what_the_views_show(store):
    mine = store.snapshot().seen_by(DEALER)
    for statement in (
        "CREATE OR REPLACE VIEW serving.srv_dealer AS SELECT 1 AS dealer_id",
        "DROP VIEW serving.srv_dealer",
        "CREATE TABLE serving.copy AS SELECT * FROM serving.srv_dealer",
    ):
        with pytest.raises(QueryFailed):
            mine.query(statement)
    assert mine.query("SELECT count(*) AS n FROM serving.srv_dealer").to_pylist() == [{"n": 2}]


def test_a_total_is_the_readers_own_and_never_the_networks(store):
    registry = load_registry()
    request = Request("lead_cnt", date_from=date(2026, 1, 1), date_to=date(2026, 3, 31))
    whole = ask(store.snapshot(), registry, request).rows()[0]["value"]
    by_dealer = ask(
        store.snapshot(), registry, Request(request.code, ("dealer",), request.date_from, request.date_to)
    )
    own = sum(row["value"] for row in by_dealer.rows() if row["dealer"] in DEALER.ids)
    assert ask(store.snapshot().seen_by(DEALER), registry, request).rows()[0]["value"] == own < whole
    others = Request(request.code, (), request.date_from, request.date_to, {"dealer": "D0009"})
    assert ask(store.snapshot().seen_by(DEALER), registry, others).rows()[0]["value"] is None


def test_what_is_not_counted_by_dealer_is_refused_in_a_sentence(store):
    with pytest.raises(OutOfScope, match="'imp_cnt' is not counted by dealer"):
        ask(store.snapshot().seen_by(DEALER), load_registry(), Request("imp_cnt"))


def test_grants_begin_end_and_are_taken_back(state_file):
    assert scope_of(state_file, "anna@example.org", TODAY) == NOTHING
    grant(state_file, "Anna@Example.org", "dealer", ["D2", "D1"], by="admin", valid_from=date(2026, 6, 1))
    grant(
        state_file, "anna@example.org", "region", ["DE-BY"], by="admin",
        valid_from=date(2026, 7, 1), valid_to=date(2026, 7, 31),
    )  # fmt: skip
    assert scope_of(state_file, "anna@example.org", date(2026, 5, 31)) == NOTHING
    assert scope_of(state_file, " ANNA@example.org", TODAY) == AccessScope("dealer", ("D1", "D2"))
    assert scope_of(state_file, "anna@example.org", date(2026, 7, 31)) == BAVARIA
    assert scope_of(state_file, "else@example.org", TODAY) == scope_of(state_file, None, TODAY) == NOTHING
    for one in grants(state_file):
        revoke(state_file, one.grant_id, by="admin")
    assert scope_of(state_file, "anna@example.org", TODAY) == NOTHING
    grant(state_file, "hq@example.org", "all", by="admin", valid_from=TODAY)
    assert scope_of(state_file, "hq@example.org", TODAY) == EVERYTHING


@pytest.mark.parametrize(
    ("email", "kind", "ids"),
    [
        ("anna", "all", []),
        ("a@b.de", "all", ["D1"]),
        ("a@b.de", "dealer", []),
        ("a@b.de", "none", []),
        ("a@b.de", "shop", ["D1"]),
    ],
)
def test_a_grant_that_means_nothing_is_refused(state_file, email, kind, ids):
    with pytest.raises(AccessRefused):
        grant(state_file, email, kind, ids, by="admin", valid_from=TODAY)

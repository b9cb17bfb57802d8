"""An indicator asked of the snapshot through the planner."""

from dataclasses import fields, replace
from datetime import date

import duckdb
import pytest

from indicators.planner import Request
from indicators.registry import Registry, load_registry
from indicators.tables import tables
from serving.dictionary import Status, Withheld
from serving.errors import QueryFailed
from serving.query import ask, query_indicator, values_of
from serving.snapshot import publish
from serving.store import Store
from tests.unit.serving.warehouse import write_digests, write_warehouse

_TYPES = {
    "last_good_value": "DOUBLE",
    **dict.fromkeys(("failing_since", "fresh_until", "shown_until", "last_good_at"), "TIMESTAMPTZ"),
    **dict.fromkeys(("last_good_first_on", "last_good_last_on"), "DATE"),
}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def cubes(tmp_path_factory, registry) -> Store:
    """Two dealers and two days of leads as the compiled models hold them; order_cnt is withheld."""
    folder = tmp_path_factory.mktemp("cubes")
    path = write_warehouse(folder / "warehouse.duckdb", dealers=2, days=20)
    with duckdb.connect(str(path)) as con:
        con.execute("DROP SCHEMA indicators CASCADE; CREATE SCHEMA indicators")
        write_digests(con, registry)
        con.execute(
            """
            CREATE TABLE indicators.ind_lead_1d AS
            SELECT * FROM (VALUES
                (DATE '2026-10-01', 'D0001', 'DE-BW', 10), (DATE '2026-10-02', 'D0001', 'DE-BW', 5),
                (DATE '2026-10-02', 'D0002', 'DE-BY', 7)) AS t(stat_date, dealer_id, region_code, lead_cnt)
            """
        )
        for name in [
            table.name for table in tables(registry, registry.processes["lead"]) if table.kind == "rollup"
        ]:
            con.execute(f"CREATE TABLE indicators.{name} AS FROM indicators.ind_lead_1d")
        con.execute(
            "CREATE TABLE indicators.ind_order_total_1d AS "
            "SELECT DATE '2026-10-01' AS stat_date, 3 AS order_cnt"
        )
        status = ", ".join(
            f"NULL::{_TYPES.get(field.name, 'VARCHAR')} AS {field.name}" for field in fields(Status)[2:]
        )
        con.execute(
            "CREATE OR REPLACE TABLE serving.srv_indicator_status AS "
            "SELECT 'order_cnt' AS code, 'withheld' AS state, "
            f"'a test failed' AS reason, * EXCLUDE (reason) FROM (SELECT {status})"
        )
    publish(path, folder / "snapshots")
    return Store(folder / "snapshots")


def test_an_indicator_by_dimension_is_answered_with_its_unit(cubes, registry):
    answer = query_indicator(cubes, registry, Request("lead_cnt", by=("dealer",)))
    assert {row["dealer"]: row["value"] for row in answer.rows()} == {"D0001": 15, "D0002": 7}
    assert (answer.unit, answer.version) == ("lead", 1)


def test_a_total_without_dimensions_is_one_row(cubes, registry):
    assert query_indicator(cubes, registry, Request("lead_cnt")).rows() == [{"value": 22}]


def test_a_question_without_an_answer_is_refused_in_the_planners_words(cubes, registry):
    with pytest.raises(QueryFailed, match="No indicator has the code"):
        query_indicator(cubes, registry, Request("no_such_cnt"))
    with pytest.raises(QueryFailed, match="no dimension 'colour'"):
        query_indicator(cubes, registry, Request("lead_cnt", by=("colour",)))


def test_a_period_without_data_is_refused_with_the_days_that_have_some(cubes, registry):
    with pytest.raises(
        QueryFailed, match=r"data from 2026-10-01 to \S+: none for the beginning to 2020-01-01"
    ):
        query_indicator(cubes, registry, Request("lead_cnt", date_to=date(2020, 1, 1)))


def test_no_value_says_why(cubes, registry):
    answer = ask(cubes.snapshot(), registry, Request("lead_cnt", where={"region": "DE-XX"}))
    assert answer.rows() == [{"value": None}]
    assert answer.reason == "No data: 'DE-XX' is no value of region (DE-BW, DE-BY)."
    answer = ask(
        cubes.snapshot(), registry, Request("lead_cnt", where={"region": "DE-BY", "dealer": "D0001"})
    )
    assert answer.reason == "No data: nothing was recorded for this in these days."
    assert ask(cubes.snapshot(), registry, Request("lead_cnt")).reason is None


def test_a_value_of_a_filter_that_nothing_has_is_named_beside_the_value(cubes, registry):
    snapshot = cubes.snapshot()
    answer = ask(snapshot, registry, Request("lead_cnt", where={"region": ["DE-BY", "DE-By"]}))
    assert answer.rows() == [{"value": 7}]
    assert answer.note.endswith("'DE-By' is no value of region (DE-BW, DE-BY).")
    answer = ask(snapshot, registry, Request("lead_cnt", where={"region": ["DE-BY", None]}))
    assert (answer.rows(), "is no value" in answer.note) == ([{"value": 7}], False)
    answer = ask(snapshot, registry, Request("lead_cnt", where={"region": ["DE-BY", "DE-BW"]}))
    assert (answer.rows(), "is no value" in answer.note) == ([{"value": 22}], False)


def test_the_values_of_a_dimension(cubes, registry):
    assert values_of(cubes.snapshot(), registry, "lead_cnt", "dealer") == ["D0001", "D0002"]
    with pytest.raises(QueryFailed, match="no dimension"):
        values_of(cubes.snapshot(), registry, "lead_cnt", "colour")


def test_a_withheld_indicator_has_no_number(cubes, registry):
    with pytest.raises(Withheld, match="'order_cnt' is withheld: a test failed"):
        query_indicator(cubes, registry, Request("order_cnt"))


def test_more_than_three_dimensions_and_values_of_a_wrong_type_are_refused(cubes, registry):
    four = ("dealer", "region", "series", "channel")
    with pytest.raises(QueryFailed, match="4 dimensions are too many"):
        query_indicator(cubes, registry, Request("lead_cnt", by=four))
    with pytest.raises(QueryFailed, match="'dealer' holds text, not the int 5"):
        query_indicator(cubes, registry, Request("lead_cnt", where={"dealer": 5}))


@pytest.fixture(scope="module")
def cohorts(tmp_path_factory, registry) -> Store:
    """Leads of a cohort that is over and of one that is not; the data end on 31 October."""
    folder = tmp_path_factory.mktemp("cohorts")
    path = write_warehouse(folder / "warehouse.duckdb", dealers=2, days=20)
    with duckdb.connect(str(path)) as con:
        con.execute("DROP SCHEMA indicators CASCADE; CREATE SCHEMA indicators")
        for table in tables(registry, registry.processes["lead"]):
            con.execute(
                f"CREATE TABLE indicators.{table.name} AS SELECT * FROM (VALUES (DATE '2026-06-01', 10, 1), "
                "(DATE '2026-10-01', 5, 1)) AS t(stat_date, lead_cnt, lead_order_cnt)"
            )
    publish(path, folder / "snapshots")
    return Store(folder / "snapshots")


@pytest.mark.parametrize("compare", [None, "previous"])
def test_a_series_of_cohorts_that_are_all_too_young_says_so_and_not_that_nothing_was_recorded(
    cohorts, registry, compare
):
    october = {"date_from": date(2026, 10, 1), "date_to": date(2026, 10, 31)}
    asked = Request("lead2order_rate", grain="month", compare=compare, **october)
    answer = ask(cohorts.snapshot(), registry, asked)
    assert [row["value"] for row in answer.rows()] == [None]
    assert answer.reason == (
        "No value yet: the cohorts of these days are not mature, their window is not over. "
        "The youngest mature cohort is of 2026-08-01: ask for that day or earlier ones."
    )
    assert not ask(
        cohorts.snapshot(), registry, replace(asked, date_from=date(2026, 6, 1), compare=None)
    ).reason

"""An indicator asked of the snapshot through the planner."""

import duckdb
import pytest

from indicators.planner import Request
from indicators.registry import Registry, load_registry
from serving.errors import QueryFailed
from serving.query import query_indicator
from serving.snapshot import publish
from serving.store import Store
from tests.unit.serving.warehouse import write_warehouse


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def cubes(tmp_path_factory) -> Store:
    """A snapshot whose lead cube has columns of the compiled model, with two dealers and two days."""
    folder = tmp_path_factory.mktemp("cubes")
    path = write_warehouse(folder / "warehouse.duckdb", dealers=2, days=20)
    with duckdb.connect(str(path)) as con:
        con.execute("DROP VIEW indicators.ind_lead_1d")
        con.execute(
            """
            CREATE TABLE indicators.ind_lead_1d AS
            SELECT * FROM (VALUES
                (DATE '2026-10-01', 'D0001', 'DE-BW', 10), (DATE '2026-10-02', 'D0001', 'DE-BW', 5),
                (DATE '2026-10-02', 'D0002', 'DE-BY', 7)) AS t(stat_date, dealer_id, region_code, lead_cnt)
            """
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

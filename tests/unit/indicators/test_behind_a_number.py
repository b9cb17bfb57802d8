"""Down from a number: to its parts, its people and its facts, and the values that a cut can take."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from indicators import planner
from indicators.planner import Coverage, PlanError, Request, plan
from indicators.registry import load_registry
from tests.unit.indicators.answers_world import COVERAGE, FIRST, LAST, LEADS, answers_world, ask, lead
from tests.unit.indicators.cube_world import CubeWorld
from tests.unit.indicators.small_registry import write_registry


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CubeWorld]:
    world = answers_world(tmp_path_factory.mktemp("registry"))
    yield world
    world.connection.close()


def test_down_and_up_from_a_cell(world):
    request = Request("lead_cnt", by=["dealer"], date_from=date(2026, 2, 1), grain="month")
    row = ask(world, request)[0]
    assert (row["period"], row["dealer"], row["value"]) == (date(2026, 2, 1), "D1", 1)
    assert planner.ways_down(world.registry, request) == ["region", "channel", "tier"]
    one = planner.cell(world.registry, request, row)
    assert [cell["value"] for cell in ask(world, one)] == [1]
    assert (one.date_from, one.date_to) == (date(2026, 2, 1), date(2026, 2, 28))
    below = ask(world, planner.down(world.registry, request, row, "channel"))
    assert [(cell["channel"], cell["value"]) for cell in below] == [("app", 1)]
    days = ask(world, planner.finer(world.registry, request, row))
    assert [(day["period"], day["value"]) for day in days] == [(date(2026, 2, 9), 1)]
    assert planner.up(request, "dealer").by == ()
    of_period = Request("lead_cnt_7d", grain="day", date_from=date(2026, 2, 9), date_to=date(2026, 2, 12))
    found = planner.cell(world.registry, of_period, {"period": date(2026, 2, 11)})
    assert (found.date_from, found.date_to, found.grain) == (None, date(2026, 2, 11), None)


def test_the_people_behind_a_number_are_as_many_as_it_says(world):
    for request in (
        Request("lead_uv", date_from=date(2026, 2, 1)),
        Request("lead_uv", where={"dealer": "D1"}),
        Request("lead_uv_7d", date_to=date(2026, 3, 4)),
        Request("lead_cnt", where={"dealer": "D2"}),  # counts leads: the people of the same condition
    ):
        planned = planner.people(world.registry, request, coverage=COVERAGE)
        people = world.run(planned.sql, planned.params).fetchall()
        [row] = ask(world, replace(request, code=request.code.replace("cnt", "uv")))
        assert len({person for person, *_ in people}) == len(people) == row["value"]


def test_the_people_behind_a_count_with_a_condition_of_its_own_are_listed(world):
    """No indicator of people counts leads with a visit: the person table has a flag for the count itself."""
    planned = planner.people(
        world.registry, Request("lead2visit_rate"), coverage=COVERAGE, of="lead_visit_cnt"
    )
    assert [day for _, *day in world.run(planned.sql, planned.params).fetchall()] == [[date(2026, 2, 10)] * 2]
    assert "lead_visit_cnt" in planned.sql


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (
            Request("spend_amt"),
            "has them for lead_uv, lead_visit_cnt. Ask for the people behind one of these",
        ),
        (Request("lead_uv", by=["dealer"]), "leave `by` and `grain` out"),
        (Request("stock_qty"), "fct_stock_month is not about persons. Its rows can be named"),
    ],
)
def test_people_that_are_not_published_are_refused_with_what_to_ask(world_of_each_class, request_, says):
    with pytest.raises(PlanError, match=says):
        planner.people(world_of_each_class.registry, request_)


def test_where_nobody_is_counted_it_says_how_to_count_them(tmp_path):
    uv = (
        "  - {code: visit_uv, id: IND-ACT-0009, name: {en: Visitors, zh: 到店人数}, measure: distinct(one_id)"
    )
    td = "measure: distinct(one_id), where: has_test_drive, unit: person"
    changes = [
        (uv, uv.replace("distinct(one_id)", "count(visit_id)")),
        (td, td.replace("distinct(one_id)", "count(visit_id)")),
    ]
    registry = load_registry(write_registry(tmp_path, {"visit.yml": changes}))
    with pytest.raises(
        PlanError, match=r"measure: distinct\(one_id\)` to visit.yml and run `make indicators`"
    ):
        planner.people(registry, Request("visit_cnt"))


def test_the_facts_behind_a_number_are_as_many_as_it_says(world):
    for request, of in (
        (Request("lead_cnt", where={"tier": "A"}), None),
        (Request("lead_cnt_dig_7d", date_to=date(2026, 2, 12)), None),
        (Request("lead2visit_rate", where={"dealer": "D1"}), "lead_visit_cnt"),
        (Request("visit_td_cnt"), None),
    ):
        planned = planner.rows(world.registry, request, of)
        rows = world.run(planned.sql, planned.params).fetchall()
        code = of or request.code
        [row] = world.ask(replace(request, code=code, as_of=LAST)) if of is None else ask(world, request)
        assert len(rows) == row["value" if of is None else code]
    with pytest.raises(PlanError, match="'visit_cnt' is no operand"):
        planner.rows(world.registry, Request("lead2visit_rate"), "visit_cnt")


STOCK = """
process: stock
source: crm
model: fct_stock_month
snapshot: month
grain: [stat_on, dealer_id]
time: stat_on
dims: [dealer]
atomic:
  - {code: stock_qty, id: IND-ACT-0014, name: {en: Stock, zh: 库存}, measure: sum(stock_qty), unit: lead, stage: activation, owner: sales_ops}
"""  # noqa: E501  (a case is a line)
MEDIAN = """
  - {code: lead_come_min, id: IND-ACQ-0012, name: {en: Minutes to the visit, zh: 到店时长}, measure: "median(minutes(created_at, visited_at))", unit: lead, stage: acquisition, owner: sales_ops}
composite:"""  # noqa: E501


@pytest.fixture(scope="module")
def world_of_each_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CubeWorld]:
    """Leads, the same with a median, and a stock of two month's ends."""
    folder = write_registry(tmp_path_factory.mktemp("classes"), {"lead.yml": [("\ncomposite:", MEDIAN)]})
    (folder / "stock.yml").write_text(STOCK.lstrip(), encoding="utf-8")
    world = CubeWorld(load_registry(folder))
    world.run("create table core.fct_stock_month (stat_on date, dealer_id varchar, stock_qty integer)")
    world.run(
        """
        insert into core.fct_stock_month values
            ('2026-01-31', 'D1', 5), ('2026-01-31', 'D2', 4), ('2026-02-28', 'D1', 3), ('2026-02-28', 'D2', 2)
        """
    )
    before = lead("2026-02-13", "p4", visited_at=datetime(2026, 2, 1))  # came before it was one: not ranked
    world.build([*LEADS, before], [], as_of=LAST)
    yield world
    world.connection.close()


@pytest.mark.parametrize(
    ("request_", "of", "named", "operand"),
    [
        # five leads, of which three are older than 30 days
        (Request("lead2visit_rate"), "lead_cnt", "count(*)", "lead_cnt"),
        (Request("lead2visit_rate"), "lead_visit_cnt", "count(*)", "lead_visit_cnt"),
        (Request("stock_qty"), None, "sum(stock_qty)", "value"),
        (Request("stock_qty", date_to=date(2026, 2, 20)), None, "sum(stock_qty)", "value"),
        (Request("stock_qty", where={"dealer": "D2"}), None, "sum(stock_qty)", "value"),
        (Request("lead_come_min"), None, "count(*)", "n"),
        (Request("lead_cnt"), None, "count(*)", "value"),
        (Request("lead_cnt", where={"dealer": []}), None, "nullif(count(*), 0)", "value"),
        (Request("lead_uv"), None, "count(distinct one_id)", "value"),
    ],
)
def test_the_facts_named_are_those_that_count(world_of_each_class, request_, of, named, operand):
    world = world_of_each_class
    covered = {**COVERAGE, "stock": Coverage(date(2026, 1, 31), LAST)}
    planned = plan(world.registry, request_, coverage=covered)
    found = world.run(planned.sql, planned.params).fetchall()
    answer = dict(zip(planned.columns, found[0], strict=True)) if found else {operand: None}
    rows = planner.rows(world.registry, request_, of, coverage=covered)
    fact = world.registry.process_of[of or request_.code].model
    keys = ", ".join(rows.columns)
    [(number,)] = world.run(
        f"select {named} from core.{fact} inner join ({rows.sql}) as k using ({keys})", rows.params
    ).fetchall()
    assert number == answer[operand]


def test_the_facts_of_an_open_period_end_with_the_days_that_have_data(world):
    """A formula ends where the data of its shortest part do: so do the facts behind it."""
    covered = {"lead": Coverage(FIRST, date(2026, 3, 5))}
    planned = planner.rows(world.registry, Request("lead_cnt"), coverage=covered)
    assert len(world.run(planned.sql, planned.params).fetchall()) == 4
    with pytest.raises(PlanError, match="data from 2026-01-05"):
        planner.rows(world.registry, Request("lead_cnt", date_to=date(2020, 1, 1)), coverage=covered)


def test_the_values_of_a_dimension_and_the_days_with_data(world):
    sql, params = planner.values_sql(world.registry, "lead_cnt", "tier")
    assert world.run(sql, params).fetchall() == [("A",), ("B",)]
    sql, params = planner.coverage_sql(world.registry, "lead")
    assert world.run(sql, params).fetchall() == [(FIRST, LAST)]
    assert planner.processes(world.registry, "lead2visit_rate_30d_yoy_pp") == ["lead"]

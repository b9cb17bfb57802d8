"""What an answer says beside its value: totals, comparisons, the days that have data, what is behind it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from indicators import planner
from indicators.planner import Coverage, PlanError, Request, plan
from indicators.registry import load_registry
from tests.unit.indicators.cube_world import CubeWorld, Lead, Visit
from tests.unit.indicators.small_registry import small_registry, write_registry

FIRST, LAST = date(2026, 1, 5), date(2026, 3, 20)
COVERAGE = {name: Coverage(FIRST, LAST) for name in ("lead", "visit")}


def lead(on: str, person: str = "p1", dealer: str = "D1", **changes: Any) -> Lead:
    at = datetime.fromisoformat(on)
    values = {"is_counted": True, "visited_at": None, "spend_amt": 1.0, "channel": "app", **changes}
    return Lead(f"{on}{person}{dealer}", person, dealer, "BY", values.pop("channel"), at.date(), at, **values)


LEADS = [
    lead("2026-01-05", "p1", "D1"),
    lead("2026-02-10", "p1", "D1", visited_at=datetime(2026, 2, 12)),
    lead("2026-02-10", "p1", "D2", channel="phone"),
    lead("2026-02-11", "p2", "D2", is_counted=False),
    lead("2026-03-03", "p2", "D1"),
    lead("2026-03-10", "p3", "D3"),
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CubeWorld]:
    world = CubeWorld(small_registry(tmp_path_factory.mktemp("registry")))
    world.build(LEADS, [Visit("v", "p1", "D1", "BY", date(2026, 2, 12), True)], as_of=LAST)
    yield world
    world.connection.close()


def ask(world: CubeWorld, request: Request) -> list[dict[str, Any]]:
    planned = plan(world.registry, request, coverage=COVERAGE)
    rows = world.run(planned.sql, planned.params).fetchall()
    return [dict(zip(planned.columns, row, strict=True)) for row in rows]


def said(world: CubeWorld, request: Request) -> str:
    return plan(world.registry, request, coverage=COVERAGE).note


def test_a_total_is_computed_and_never_summed_up(world):
    rows = ask(world, Request("lead_uv", by=["dealer"], with_total=True))
    assert [(row["dealer"], row["value"], row["is_total"]) for row in rows] == [
        ("D1", 2, False),
        ("D2", 1, False),
        ("D3", 1, False),
        (None, 3, True),
    ]
    rows = ask(world, Request("cpl", by=["dealer"], with_total=True))
    assert {row["dealer"]: row["value"] for row in rows} == {"D1": 1, "D2": 2, "D3": 1, None: 6 / 5}


def test_the_indicators_own_note_is_said_with_the_answer(tmp_path):
    note = 'note: "Ask for complete months."'
    changes = {
        "lead.yml": [("unit: EUR/lead,", f"unit: EUR/lead, {note},")],
        "visit.yml": [("of: visit_uv_30d,", 'of: visit_uv_30d, note: "Of the month.",')],
    }
    registry = load_registry(write_registry(tmp_path, changes))
    day = Request("cpl", date_from=date(2026, 2, 3), date_to=date(2026, 2, 3))
    assert plan(registry, day).note == "Ask for complete months."
    assert plan(registry, Request("visitors", date_to=LAST)).note.endswith("to the whole. Of the month.")
    assert plan(registry, Request("lead_cnt")).note == ""


def test_a_range_is_compared_with_the_one_before(world):
    request = Request("lead_cnt", date_from=date(2026, 2, 1), date_to=date(2026, 2, 28), compare="mom")
    [row] = ask(world, replace(request, date_from=date(2026, 3, 1), date_to=date(2026, 3, 10)))
    assert (row["value_now"], row["value_before"], row["value"]) == (2, 2, 0.0)
    # January is only covered from the 5th on: there is nothing to compare with
    [row] = ask(world, request)
    assert (row["value_now"], row["value_before"], row["value"]) == (2, None, None)
    assert "begin on 2026-01-05" in said(world, request)


def test_a_month_that_is_not_over_is_compared_with_the_same_part(world):
    request = Request("lead_cnt", date_from=date(2026, 3, 1), date_to=date(2026, 3, 31), compare="mom")
    windows = plan(world.registry, request, coverage=COVERAGE).windows
    assert [(w.slot, w.first, w.last) for w in windows] == [
        ("now", date(2026, 3, 1), LAST),
        ("before", date(2026, 2, 1), date(2026, 2, 20)),
    ]
    assert "The data end on 2026-03-20: the same part" in said(world, request)


def test_a_cohort_rate_is_compared_for_the_cohorts_that_are_over(world):
    """The window is 30 days: of 15 January to 20 March, only the days to 17 February are mature."""
    request = Request("lead2visit_rate", date_from=date(2026, 2, 5), date_to=LAST, compare="previous")
    windows = plan(world.registry, request, coverage=COVERAGE).windows
    assert windows[0].last == LAST - timedelta(days=31)
    assert "mature cohorts end on 2026-02-17" in said(world, request)


def test_a_window_that_was_cut_to_the_mature_cohorts_is_not_mature(world):
    """The youngest mature cohort is of 17 February: only a part of that month is counted."""
    request = Request("lead2visit_rate", date_from=date(2026, 2, 5), date_to=date(2026, 2, 28))
    [row] = ask(world, replace(request, compare="previous"))
    assert (row["value_now"], row["is_mature"]) == (0.5, False)
    [row] = ask(world, replace(request, compare="previous", date_to=date(2026, 2, 17)))
    assert (row["value_now"], row["is_mature"]) == (0.5, True)
    weeks = ask(world, replace(request, compare="wow", grain="week"))
    assert {row["period"]: row["is_mature"] for row in weeks if row["value_now"] is not None} == {
        date(2026, 2, 9): True
    }
    months = replace(request, date_from=FIRST, compare="mom", grain="month", by=["dealer"], with_total=True)
    assert {(row["period"], row["is_mature"]) for row in ask(world, months) if row["value_now"]} == {
        (date(2026, 2, 1), False)
    }


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request("lead_cnt", date_to=date(2025, 1, 1)), "data from 2026-01-05 to 2026-03-20: none for"),
        (Request("lead_cnt", date_from=date(2027, 1, 1)), "none for 2027-01-01 to the end"),
        (Request("lead_cnt_7d", date_to=date(2026, 4, 1)), "end on 2026-03-20: 2026-04-01 has no value yet"),
        (Request("lead2visit_rate", date_from=date(2026, 3, 1)), "is mature: its window is 30 days"),
        (Request("lead_cnt", by=["dealer", "region", "channel", "tier"]), "4 dimensions are too many"),
        (Request("lead_cnt", where={"dealer": 5}), "'dealer' holds text, not the int 5"),
        (Request("lead_cnt_mtd_wow"), "Compare 'mtd' by mom"),
        (Request("lead_cnt_7d_wow", compare="yoy"), "is a comparison already"),
        (Request("lead_cnt_7d", compare="previous"), "has its own period"),
        (Request("lead_cnt", compare="decade"), "There is no comparison 'decade'"),
        (
            Request("lead_cnt", compare="mom_pp"),
            "is in lead: it has no difference in points. Compare it by mom",
        ),
        (Request("cpl", compare="previous_pp"), "is in EUR/lead: .* Compare it by previous"),
        (Request("lead_cnt", compare="yoy"), "needs a period with both ends"),
        (Request("visitors", by=["channel"], date_to=LAST), r"'visitors' \(visit_uv_30d\) cannot be cut"),
    ],
)
def test_a_request_without_a_right_answer_is_refused_in_words(world, request_, says):
    with pytest.raises(PlanError, match=says):
        plan(world.registry, request_, coverage=COVERAGE)


def test_what_is_in_points_differs_in_its_own_points(tmp_path):
    points = [
        ("formula: spend_amt / lead_cnt, unit: EUR/lead", "formula: 100 * lead_uv / lead_cnt, unit: point")
    ]
    folder = write_registry(
        tmp_path, {"lead.yml": points, "_standard.yml": [("  lead: {}", "  lead: {}\n  point: {}")]}
    )
    world = CubeWorld(load_registry(folder))
    world.build(LEADS, [], as_of=LAST)
    march = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 20)}
    request = Request("cpl", **march, compare="previous_pp", where={"dealer": ["D1", "D2"]})
    [row] = world.ask(request)
    assert (row["value_now"], row["value_before"], row["value"]) == (100, 50, 50)
    assert plan(world.registry, request).unit == "point"
    world.connection.close()


def test_a_process_without_data_says_so(world):
    with pytest.raises(PlanError, match="nothing was recorded of visit"):
        plan(world.registry, Request("visit_cnt"), coverage={"lead": COVERAGE["lead"]})


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
    with pytest.raises(PlanError, match="hold no people for 'spend_amt'"):
        planner.people(world.registry, Request("spend_amt"))
    with pytest.raises(PlanError, match="Ask for one number"):
        planner.people(world.registry, Request("lead_uv", by=["dealer"]))


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


BEGUN = {"lead": Coverage(FIRST, LAST), "visit": Coverage(date(2026, 2, 11), date(2026, 3, 5))}


@pytest.mark.parametrize(
    ("request_", "spend"),
    [
        (Request("cpv"), 2),
        (Request("cpv", date_from=FIRST, date_to=LAST), 2),
        (Request("cpv", date_from=FIRST, date_to=LAST, grain="year"), 2),
        (Request("cpv_30d", date_to=date(2026, 3, 5)), 2),
        (Request("cpv_td", date_to=date(2026, 3, 5)), 2),
        (Request("cpv_30d", date_to=date(2026, 3, 2)), 1),
    ],
)
def test_the_parts_of_a_formula_over_two_processes_count_the_same_days(world, request_, spend):
    """Visits have data from 11 February to 5 March: leads before and after it are not set against them."""
    planned = plan(world.registry, request_, coverage=BEGUN)
    [row] = world.run(planned.sql, planned.params).fetchall()
    found = dict(zip(planned.columns, row, strict=True))
    assert (found["spend_amt"], found["visit_cnt"], found["value"]) == (spend, 1, spend)
    asked_for_more = bool(request_.date_from) or request_.code != "cpv"
    words = "All that the formula reads has data from 2026-02-11 on: earlier days are not counted."
    assert (words in planned.note) == asked_for_more


def test_a_comparison_of_a_formula_over_two_processes_counts_the_same_days(world):
    of_all_days = Request("cpv_td_wow", date_to=date(2026, 3, 5))
    planned = plan(world.registry, of_all_days, coverage=BEGUN)
    assert [(w.slot, w.first, w.last) for w in planned.windows] == [
        ("now", date(2026, 2, 11), date(2026, 3, 5)),
        ("before", date(2026, 2, 11), date(2026, 2, 26)),
    ]
    weeks = Request("cpv", date_from=date(2026, 2, 1), date_to=LAST, grain="week", compare="wow")
    windows = plan(world.registry, weeks, coverage=BEGUN).windows
    assert {(w.first, w.last) for w in windows if w.slot == "now"} == {
        (date(2026, 2, 11), date(2026, 2, 15)),
        (date(2026, 2, 16), date(2026, 2, 22)),
        (date(2026, 2, 23), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 3, 5)),
    }
    assert all(w.first >= date(2026, 2, 11) and w.last <= date(2026, 3, 5) for w in windows)


@pytest.mark.parametrize(
    ("compare", "before"),
    [
        ("previous", (date(2026, 7, 2), date(2026, 7, 31))),
        ("yoy", (date(2025, 9, 1), date(2025, 9, 30))),
    ],
)
def test_a_mean_of_days_is_compared_with_the_days_that_any_other_is(compare, before):
    """September and October, of which October is not in the data."""
    shipped = load_registry()
    held = Coverage(date(2024, 1, 1), date(2026, 9, 30))
    asked = Request("app_stick", date_from=date(2026, 9, 1), date_to=date(2026, 10, 31), compare=compare)
    for code in ("app_stick", "lead_cnt"):
        read = dict.fromkeys(planner.processes(shipped, code), held)
        planned = plan(shipped, replace(asked, code=code), coverage=read)
        assert [(w.slot, w.first, w.last) for w in planned.windows] == [
            ("now", date(2026, 9, 1), date(2026, 9, 30)),
            ("before", *before),
        ]
        assert "The data end on 2026-09-30: the same part" in planned.note


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (
            Request("lead2visit_rate_30d_yoy_pp", date_to=date(2026, 3, 5)),
            "2026-02-04 to 2026-03-05: the 30 days that end on the date. "
            "Of these days, 2026-02-04 to 2026-02-17 are counted.",
        ),
        (
            Request("cpv_30d", date_to=date(2026, 3, 5)),
            "2026-02-04 to 2026-03-05: the 30 days that end on the date. "
            "Of these days, 2026-02-11 to 2026-03-05 are counted.",
        ),
        (Request("lead_cnt_7d", date_to=LAST), "2026-03-14 to 2026-03-20: the 7 days that end on the date."),
    ],
)
def test_the_note_has_the_whole_period_and_what_of_it_is_counted(world, request_, says):
    note = plan(world.registry, request_, coverage=BEGUN if "cpv" in request_.code else COVERAGE).note
    assert note.startswith(says)
    assert ("are counted." in note.split("Only cohorts")[0]) == ("Of these days" in says)

"""What an answer says beside its value: totals, comparisons, the days that have data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from indicators import planner
from indicators.planner import Coverage, PlanError, Request, plan
from indicators.registry import load_registry
from tests.unit.indicators.answers_world import COVERAGE, FIRST, LAST, LEADS, answers_world, ask
from tests.unit.indicators.cube_world import CubeWorld
from tests.unit.indicators.small_registry import write_registry


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CubeWorld]:
    world = answers_world(tmp_path_factory.mktemp("registry"))
    yield world
    world.connection.close()


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


@pytest.mark.parametrize(
    ("compare", "before"),
    [("mom", "2026-02-09"), ("yoy", "2025-03-10"), ("wow", "2026-03-02")],
)
def test_a_week_of_a_series_is_compared_with_a_week_and_its_part_with_the_same_part(world, compare, before):
    monday, begin = date(2026, 3, 9), date.fromisoformat(before)
    week = Request("lead_cnt", date_from=monday, date_to=date(2026, 3, 15), grain="week", compare=compare)
    held = {"lead": Coverage(date(2024, 1, 1), date(2026, 3, 12))}
    for coverage, days in ((None, 6), (held, 3)):
        spans = [(w.first, w.last) for w in plan(world.registry, week, coverage=coverage).windows]
        length = timedelta(days=days)
        assert spans == [(monday, monday + length), (begin, begin + length)]


def test_days_of_months_that_differ_in_length_are_compared_with_a_word_on_it(world):
    days = Request("lead_cnt", date_from=date(2026, 2, 9), date_to=date(2026, 3, 5), compare="mom")
    assert "25 days are compared with 28 days (2026-01-09 to 2026-02-05)" in said(world, days)
    for same in (
        {"date_to": date(2026, 2, 20)},
        {"date_from": date(2026, 2, 1), "date_to": date(2026, 2, 28)},
    ):
        assert "are compared with" not in said(world, replace(days, **same))
    assert "are compared with" not in said(world, replace(days, grain="week"))


def test_where_the_data_end_is_said_once(world):
    march = Request("lead_cnt", date_from=date(2026, 3, 1), date_to=date(2026, 3, 31))
    assert said(world, march) == "The data end on 2026-03-20."
    assert said(world, replace(march, compare="mom")).count("The data end on") == 1


@pytest.mark.parametrize("compare", [None, "yoy"])
def test_a_series_says_that_its_first_and_last_part_are_no_whole_ones(world, compare):
    parts = Request("lead_cnt", date_from=date(2026, 1, 15), date_to=date(2026, 3, 10), compare=compare)
    words = "The first month is counted from 2026-01-15 on. The last month is counted to 2026-03-10."
    assert words in said(world, replace(parts, grain="month"))
    assert "is counted" not in said(world, replace(parts, grain="day"))
    assert "is counted" not in said(world, parts)
    whole = replace(parts, date_from=date(2026, 2, 1), date_to=date(2026, 2, 28), grain="month")
    assert "is counted" not in said(world, whole)


def test_a_cohort_of_which_none_is_over_says_when_to_ask_again(world):
    young = {"lead": Coverage(date(2026, 3, 1), LAST)}
    with pytest.raises(PlanError, match="Ask again when the data reach 2026-04-01"):
        plan(world.registry, Request("lead2visit_rate"), coverage=young)


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
        (Request("lead_cnt_7d", compare="previous"), "has its own period: compare it by wow, mom, yoy"),
        (Request("lead_cnt_1m", compare="previous"), "has its own period: compare it by mom, yoy"),
        (
            Request("lead_cnt", date_from=FIRST, date_to=LAST, grain="month", compare="wow"),
            "a month cannot be compared with a week before. Compare it by mom, yoy",
        ),
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

# ruff: noqa: RUF001  the typographic minus is meant
"""Charts as functions: what stands in the option that the browser gets."""

import json
from datetime import date

import pytest

from dashboards.charts import funnel_chart, heat_map, peer_chart, trend_chart
from dashboards.funnel_rows import funnel_rows, note_of, previous_stage, sure_rates
from dashboards.theme import DARK, LIGHT
from serving.course import Course
from serving.funnel import StepCount, TrendBin, coarser
from serving.scope import Period
from serving.weak_links import WeakLink

WIDE, NARROW = 1, 0  # places in the media list: the narrow form first, then what restores the wide one


def step(
    no: int, name: str, entered: int, passed: int, *, mature: float = 1.0, has_data: bool = True
) -> StepCount:
    return StepCount(
        no,
        name,
        name.capitalize(),
        has_data,
        30,
        entered,
        passed,
        round(entered * mature),
        round(passed * mature),
    )


FUNNEL = (step(1, "card", 1000, 800), step(2, "visit", 800, 320, mature=0.5), step(3, "order", 320, 32))


def rows(funnel=FUNNEL, **options):
    given = {"region": {}, "network": {}, "targets": {}, "weak_step": None, **options}
    course = Course(funnel, given.pop("before", ()), given.pop("year_ago", ()), ())
    for name in ("region", "network"):
        given[name] = given[name] if isinstance(given[name], dict) else sure_rates(given[name])
    return funnel_rows(course, **given)


def series(option, name):
    return next(one for one in option["baseOption"]["series"] if one.get("name") == name)


def text_of(option):
    return json.dumps(option, ensure_ascii=False)


def test_bars_are_shares_of_the_stage_before_and_the_weak_one_is_orange():
    option = funnel_chart.funnel_chart(rows(weak_step="visit"), LIGHT)
    bars = series(option, "Share of the stage before")["data"]
    assert bars[0] is None  # the line of headings
    assert [bar["value"] for bar in bars[1:]] == [1, 0.8, 0.4, 0.1]
    assert [bar["itemStyle"]["color"] for bar in bars[1:]] == [
        LIGHT.brand,
        LIGHT.brand,
        LIGHT.weak,
        LIGHT.brand,
    ]


def test_bars_of_leads_show_what_is_still_open():
    option = funnel_chart.funnel_chart(rows(), LIGHT, show="count")
    assert [bar["value"] for bar in series(option, "Took the step")["data"][1:]] == [1000, 800, 320, 32]
    # 400 visits' windows are open, 160 of them came already: 240 may still come
    assert series(option, "open")["data"][1:] == [None, None, 320 + 240, None]


def test_comparisons_appear_only_where_they_exist():
    alone = text_of(funnel_chart.funnel_chart(rows(), LIGHT))
    assert "vs target" not in alone
    assert "vs network" not in alone
    network = (step(1, "card", 5000, 4500), step(2, "visit", 4500, 900), step(3, "order", 900, 10))
    compared = text_of(funnel_chart.funnel_chart(rows(network=network, targets={"card": 0.8}), LIGHT))
    assert "▼ −10 pp" in compared  # 80 % against the network's 90 %
    assert "▲ +20 pp" in compared  # 40 % against 20 %
    assert "● 0 pp" in compared  # on target
    assert "vs region" not in compared


def test_a_phone_keeps_counts_and_rates_and_drops_the_comparisons():
    option = funnel_chart.funnel_chart(rows(targets={"card": 0.7}), LIGHT)
    assert "vs target" in text_of(option["media"][WIDE]["option"])
    assert "vs target" not in text_of(option["media"][NARROW]["option"])
    assert "Reached" in text_of(option["media"][NARROW]["option"])


def test_a_step_without_data_has_no_bar_and_says_so():
    funnel = (step(1, "card", 0, 0, has_data=False), step(3, "order", 500, 50))
    shown = rows(funnel)
    assert [(row.label, row.note, row.reached) for row in shown][1] == ("Cards", "no data", 0)
    assert shown[0].reached == 500  # leads: what enters the first step that has data
    option = funnel_chart.funnel_chart(shown, LIGHT)
    assert series(option, "Share of the stage before")["data"][2]["value"] is None
    assert series(option, "room")["data"][2] is None
    assert "no data" in text_of(option)
    assert previous_stage(shown, 2) == "Leads"


def test_notes_say_why_there_is_no_rate():
    assert note_of(step(1, "card", 100, 50)) == ""
    assert note_of(step(1, "card", 100, 50, mature=0)) == "too early"
    assert note_of(step(1, "card", 19, 5)) == "n < 20"
    assert note_of(step(1, "card", 0, 0, has_data=False)) == "no data"
    assert rows((step(1, "card", 19, 5),))[1].rate is None


def test_heat_map_shows_points_against_the_network_and_hides_small_numbers():
    few = (step(1, "card", 10, 9), *FUNNEL[1:])
    option = heat_map.heat_map(
        [("Bayern", FUNNEL), ("Hessen", few)], {"card": 0.9, "visit": 0.4, "order": 0.05}, DARK
    )
    cells = option["baseOption"]["series"][0]["data"]
    assert [cell["label"]["formatter"] for cell in cells] == ["−10", "0", "+5.0", "·", "0", "+5.0"]
    assert "too few leads" in cells[3]["name"]
    assert cells[0]["itemStyle"]["color"] == DARK.diverging[0]
    assert [heat_map.row_of_cell(index, [("Bayern", FUNNEL)]) for index in (0, 2, 3)] == [0, 0, 1]


def test_heat_map_leaves_out_steps_without_data():
    funnel = (step(1, "card", 0, 0, has_data=False), step(2, "order", 500, 50))
    option = heat_map.heat_map([("Bayern", funnel)], {"order": 0.1}, LIGHT)
    assert option["baseOption"]["xAxis"]["data"] == ["Orders"]
    assert len(option["baseOption"]["series"][0]["data"]) == 1


def link(**changes) -> WeakLink:
    base = {
        "dealer_id": "D1", "dealer_name": "Autohaus Weiß", "region_code": "DE-BY", "region_name": "Bayern",
        "peer_group": "A city", "peer_cnt": 12, "step": "visit", "step_no": 2, "step_name": "Visit",
        "from_name": "Card", "entered_cnt": 200, "passed_cnt": 62, "rate": 0.31, "benchmark_rate": 0.62,
        "interval_low": 0.25, "interval_high": 0.38, "lost_deliveries": 9.2, "is_weak": True, "weak_rank": 1,
    }  # fmt: skip
    return WeakLink(**{**base, **changes})


def test_peer_chart_draws_interval_rate_and_benchmark_in_percent():
    option = peer_chart.peer_chart([link(), link(step="order", is_weak=False, benchmark_rate=None)], LIGHT)
    low, span, rate, peers = option["series"]
    assert low["data"] == pytest.approx([25, 25])
    assert [bar["value"] for bar in span["data"]] == pytest.approx([13, 13])
    assert [dot["itemStyle"]["color"] for dot in rate["data"]] == [LIGHT.weak, LIGHT.brand]
    assert peers["data"] == [[62.0, 0]]  # no benchmark, no line


def test_trend_leaves_out_what_is_too_early_or_too_few():
    bins = [TrendBin(0, 1, 100, 40, True), TrendBin(1, 1, 19, 9, True), TrendBin(2, 1, 100, 10, False)]
    assert trend_chart.rates(bins, 1, 4) == [0.4, None, None, None]


def test_parts_of_a_trend_are_merged_until_most_have_enough_leads():
    bins = [TrendBin(number, 1, 12, 6, True) for number in range(12)]
    assert trend_chart.grain(bins, 1, 12) == 2
    assert trend_chart.rates(coarser(bins, 2), 1, 6) == [0.5] * 6
    assert trend_chart.grain([TrendBin(0, 1, 3, 1, True)], 1, 12) == 1  # nothing helps
    half_mature = [TrendBin(number, 1, 40, 10, number < 3) for number in range(12)]
    assert trend_chart.grain(half_mature, 1, 12) == 1
    assert trend_chart.rates(coarser(half_mature, 2), 1, 6) == [0.25, None, None, None, None, None]


def test_a_step_of_few_leads_is_grey_and_shows_its_number():
    option = peer_chart.peer_chart([link(entered_cnt=15)], LIGHT)
    dot = option["series"][2]["data"][0]
    assert (dot["itemStyle"]["color"], dot["label"]["formatter"]) == (LIGHT.muted, "n = 15")


def test_trend_labels_are_first_days_of_equal_parts():
    labels = trend_chart.bin_labels(Period(date(2026, 1, 1), date(2026, 1, 10)), 5)
    assert labels == ["1 Jan 26", "3 Jan 26", "5 Jan 26", "7 Jan 26", "9 Jan 26"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.82, 0.86], (70, 90)), ([0.84, 0.88], (80, 100)), ([0.02, 0.03], (0, 20)), ([0.1, 0.9], (10, 90)),
     ([0.99, 1.0], (80, 100)), ([None, 0.5], (40, 60))],
)  # fmt: skip
def test_the_axis_of_a_trend_is_wide_enough_not_to_magnify_noise(values, expected):
    assert trend_chart.axis_range(values) == expected

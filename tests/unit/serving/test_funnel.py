"""Typed questions: their answers equal sums over the rows that readers can see."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from serving import freshness, network, weak_links
from serving.contract import REQUIRED
from serving.funnel import MIN_CASES, Funnel, funnel, funnel_by, leads, targets, trend
from serving.scope import NETWORK, Period, Scope
from serving.snapshot import publish
from serving.store import Snapshot, Store
from tests.unit.serving.warehouse import AS_OF, RATES, WEAK_DEALER, WEAK_STEP, write_warehouse

YEAR = Period(AS_OF - timedelta(days=364), AS_OF)


@pytest.fixture(scope="module")
def snapshot(store: Store) -> Snapshot:
    return store.snapshot()


@pytest.fixture(scope="module")
def public(tmp_path_factory) -> Snapshot:
    """Data without dealers in which only orders are known after the lead."""
    folder = tmp_path_factory.mktemp("public")
    publish(
        write_warehouse(folder / "warehouse.duckdb", dealers=0, with_middle_steps=False), folder / "snapshots"
    )
    return Store(folder / "snapshots").snapshot()


def rows_of(snapshot: Snapshot, period: Period) -> list[dict]:
    table = snapshot.query("SELECT * FROM serving.srv_dealer_funnel").to_pylist()
    return [row for row in table if period.first <= row["cohort_on"] <= period.last]


def counts(steps: Funnel) -> list[tuple[int, int, int, int]]:
    return [(one.entered, one.passed, one.mature_entered, one.mature_passed) for one in steps]


@pytest.mark.parametrize(
    "scope", [NETWORK, Scope(region="DE-BY"), Scope(dealer="D0003"), Scope("DE-BY", "D0010")]
)
def test_a_funnel_is_the_sum_of_its_rows(snapshot, scope):
    expected = []
    for step in range(1, 6):
        mine = [
            row for row in rows_of(snapshot, YEAR)
            if row["step_no"] == step and scope.region in (None, row["region_code"])
            and scope.dealer in (None, row["dealer_id"])
        ]  # fmt: skip
        names = ("entered_cnt", "passed_cnt", "mature_entered_cnt", "mature_passed_cnt")
        expected.append(tuple(sum(row[name] for row in mine) for name in names))
    assert counts(funnel(snapshot, YEAR, scope)) == expected
    assert expected[0][0] > 0


@pytest.mark.parametrize("by", ["region_code", "dealer_id"])
def test_parts_add_up_to_the_whole(snapshot, by):
    parts = funnel_by(snapshot, YEAR, by)
    assert len(parts) == (8 if by == "region_code" else 40)
    summed = [
        tuple(map(sum, zip(*step, strict=True))) for step in zip(*map(counts, parts.values()), strict=True)
    ]
    assert summed == counts(funnel(snapshot, YEAR))


@pytest.mark.parametrize("bins", [7, 12])
def test_equal_parts_of_a_period_add_up_to_the_whole(snapshot, bins):
    found = trend(snapshot, YEAR, Scope(dealer="D0003"), bins)
    assert {one.bin_no for one in found} == set(range(bins))
    for step in funnel(snapshot, YEAR, Scope(dealer="D0003")):
        mine = [one for one in found if one.step_no == step.step_no]
        assert sum(one.entered for one in mine) == step.entered
        assert sum(one.passed for one in mine) == step.passed
    # windows run out from the left: a later part is never mature when an earlier one is not
    card = [one.is_mature for one in found if one.step_no == 1]
    assert card == sorted(card, reverse=True)
    assert card[0]
    assert not card[-1]


def test_rates_count_mature_leads_only(snapshot):
    card = funnel(snapshot, YEAR)[0]
    assert card.rate == card.mature_passed / card.mature_entered
    young = funnel(snapshot, Period(AS_OF - timedelta(days=3), AS_OF))[0]
    assert young.entered > 0
    assert young.rate is None
    assert not young.is_sure
    assert young.still_open == young.entered - young.passed


def test_a_step_without_data_is_no_data_and_leads_are_counted_all_the_same(public):
    steps = funnel(public, YEAR)
    assert [one.has_data for one in steps] == [False, False, False, True, False]
    assert [one.rate is None for one in steps] == [True, True, True, False, True]
    order = steps[3]
    assert leads(steps) == order.entered > order.passed > 0
    assert funnel_by(public, YEAR, "dealer_id") == {}
    assert {one.step_no for one in trend(public, YEAR)} == {4}
    assert targets(public, YEAR) == {}


def test_an_empty_period_is_a_funnel_of_zeros(snapshot):
    steps = funnel(snapshot, Period(date(1999, 1, 1), date(1999, 12, 31)))
    assert [one.step for one in steps] == ["card", "visit", "test_drive", "order", "delivery"]
    assert leads(steps) == 0
    assert all(one.rate is None for one in steps)


def test_targets_are_weighted_by_mature_leads(warehouse, snapshots):
    from tests.unit.serving.test_publish import change

    change(warehouse, "UPDATE serving.srv_funnel_target SET target_rate = 0.5 WHERE dealer_id = 'D0001'",
           "UPDATE serving.srv_funnel_target SET target_rate = NULL WHERE dealer_id = 'D0002'")  # fmt: skip
    publish(warehouse, snapshots)
    snapshot = Store(snapshots).snapshot()
    parts = funnel_by(snapshot, YEAR, "dealer_id")
    weights = {key: steps[0].mature_entered for key, steps in parts.items() if key != "D0002"}
    expected = sum(n * (0.5 if key == "D0001" else RATES["card"]) for key, n in weights.items()) / sum(
        weights.values()
    )
    assert targets(snapshot, YEAR)["card"] == pytest.approx(expected)
    assert targets(snapshot, YEAR, Scope(dealer="D0002")) == {}


def test_the_planted_weak_link_comes_first(snapshot):
    links = weak_links.weak_links(snapshot, "365d")
    assert (links[0].dealer_id, links[0].step, links[0].from_name) == (WEAK_DEALER, WEAK_STEP, "Visit")
    assert [link.weak_rank for link in links] == sorted(link.weak_rank for link in links)
    assert all(link.is_weak for link in links)
    mine = weak_links.judged_steps(snapshot, "365d", WEAK_DEALER)
    assert [link.step_no for link in mine] == [1, 2, 3, 4]  # too few deliveries to judge the fifth
    assert [link.step for link in mine if link.is_weak][0:1] == [WEAK_STEP]
    assert {link.region_code for link in weak_links.weak_links(snapshot, "all", Scope(region="DE-BY"))} == {
        "DE-BY"
    }


def test_the_weakest_step_is_the_one_that_costs_most_together(snapshot):
    links = weak_links.weak_links(snapshot, "365d")
    lost: dict[str, float] = {}
    for link in links:
        lost[link.step] = lost.get(link.step, 0) + link.lost_deliveries
    assert lost[weak_links.weakest_step(links)] == max(lost.values())
    assert weak_links.weakest_step([]) is None


@pytest.mark.parametrize(
    ("days", "ago", "window"),
    [
        *((90, 0, "90d"), (365, 0, "365d"), (1096, 0, "all"), (30, 0, "90d")),
        *((30, 1, "90d"), (90, 40, "365d"), (30, 380, "all")),
    ],
)
def test_the_judged_window_is_the_shortest_that_covers_the_period(days, ago, window):
    last = AS_OF - timedelta(days=ago)
    assert weak_links.window_for(Period(last - timedelta(days=days - 1), last), AS_OF) == window


def test_pages_and_weak_links_need_the_same_number_of_cases():
    project = yaml.safe_load((Path(__file__).parents[3] / "dbt_project" / "dbt_project.yml").read_text())
    assert project["vars"]["weak_link_min_cases"] == MIN_CASES


def test_the_period_before_ends_where_this_one_starts():
    period = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert period.days == 31
    assert period.before() == Period(date(2026, 1, 29), date(2026, 2, 28))


def test_freshness_and_rejected_rows(snapshot):
    fresh = freshness.freshness(snapshot)
    assert (fresh.as_of, fresh.rejected, fresh.version) == (AS_OF, 3, 1)
    assert len(freshness.entity_loads(snapshot)) == 6
    assert [reason.rejected for reason in freshness.rejected_reasons(snapshot)] == [1, 1, 1]


def test_regions_and_dealers_are_by_name(snapshot):
    assert [one.region_name for one in network.regions(snapshot)][:2] == ["Baden-Württemberg", "Bayern"]
    assert len(network.dealers(snapshot)) == 40


def test_the_contract_lists_what_the_built_models_have(snapshot):
    """The other direction (the models have what the contract lists) is checked by every publish."""
    found = snapshot.query(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = 'snap' AND schema_name = 'serving'"
    ).to_pylist()
    columns = {(f"serving.{row['table_name']}", row["column_name"]) for row in found}
    assert {(table, column) for table, names in REQUIRED.items() for column in names} <= columns

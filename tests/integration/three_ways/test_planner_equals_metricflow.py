"""Every indicator that MetricFlow can express: the planner's answer is its answer; and where it is wrong."""

import copy
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from indicators.planner import Request
from indicators.registry import Registry, load_registry
from serving.query import ask
from serving.store import Snapshot, Store
from tests.integration.three_ways.facts import Facts
from tests.integration.three_ways.metricflow_engine import MetricFlow, read_manifest
from tests.integration.three_ways.oracle import Oracle


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def snapshot(tiny) -> Snapshot:
    return Store(tiny.snapshots_dir).snapshot()


@pytest.fixture(scope="module")
def manifest(tiny) -> dict[str, Any]:
    return read_manifest(tiny.data_dir / "dbt" / "target")


@pytest.fixture(scope="module")
def facts(tiny) -> Iterator[Facts]:
    with tiny.connect() as connection:
        yield Facts(connection)


@pytest.fixture(scope="module")
def metricflow(manifest, facts) -> MetricFlow:
    return MetricFlow(manifest, facts.connection)


def metricflow_name(registry: Registry, dimension: str) -> str:
    """A dimension as MetricFlow calls it: an entity, or an attribute behind one."""
    through = registry.standard.dimensions[dimension].through
    return f"{through}__{dimension}" if through else dimension


def answered(snapshot: Snapshot, registry: Registry, request: Request) -> dict[tuple, Any]:
    rows = ask(snapshot, registry, request).rows()
    keys = [*(["period"] if request.grain else []), *request.by]
    return {tuple(row[key] for key in keys): row["value"] for row in rows}


def differing(found: dict[tuple, Any], wanted: dict[tuple, Any]) -> dict[tuple, tuple]:
    """Keys whose values differ. MetricFlow says 0 where nothing was recorded: 0 and nothing are one here."""
    return {
        key: (found.get(key), wanted.get(key))
        for key in {*found, *wanted}
        if float(found.get(key) or 0) != pytest.approx(float(wanted.get(key) or 0), rel=1e-9, abs=1e-9)
    }


def days(oracle: Oracle, code: str) -> tuple[date, date]:
    """The days that have data; of a cohort, those whose window is over: MetricFlow knows no maturity."""
    first, last = oracle.covered(oracle.operands(code))
    matures = oracle.matures(oracle.operands(code))
    return first, last - timedelta(days=matures + 1) if matures else last


def whole_months(first: date, last: date) -> tuple[date, date]:
    """The whole months in it: asked by month, MetricFlow widens a range to whole months by itself."""
    start = first if first.day == 1 else (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    tomorrow = last + timedelta(days=1)
    return start, tomorrow.replace(day=1) - timedelta(days=1)


def test_every_metric_equals_the_planner(registry, snapshot, metricflow, manifest, facts):
    dice, oracle, wrong, compared = random.Random(20261120), Oracle(facts), [], set()
    for code in [metric["name"] for metric in manifest["metrics"] if metric["name"] in registry.bases]:
        first, last = days(oracle, code)
        if oracle.whole_months(code):
            first, last = whole_months(first, last)
        if first > last:
            continue  # no cohort is over yet
        dimensions = registry.standard.dimensions
        ways = [name for name in registry.reachable(code) if dimensions[name].through != "person"]
        by = tuple(dice.sample(ways, min(len(ways), dice.choice([1, 1, 2]))))
        cuts: list[tuple[str, ...]] = [dice.choice([(), by, by])]
        for cut in dict.fromkeys(cuts):
            names = [metricflow_name(registry, name) for name in cut]
            wanted = metricflow.ask(code, names, first, last)
            found = answered(snapshot, registry, Request(code, by=cut, date_from=first, date_to=last))
            wrong += [(code, cut, key, *pair) for key, pair in differing(found, wanted).items()]
        compared.add(code)
        start, end = whole_months(first, last)
        if start > end or dice.random() < 0.5:
            continue
        wanted = metricflow.ask(code, ["metric_time__month"], start, end)
        found = answered(snapshot, registry, Request(code, grain="month", date_from=start, date_to=end))
        wrong += [(code, "month", key, *pair) for key, pair in differing(found, wanted).items()]
    assert wrong == []
    assert len(compared) >= 150


def test_rolling_and_to_date_counts_of_people_equal_the_planner(
    registry, snapshot, metricflow, manifest, facts
):
    oracle, wrong, compared = Oracle(facts), [], 0
    for metric in manifest["metrics"]:
        if metric["type"] != "cumulative":
            continue
        _, last = days(oracle, oracle.taken_apart(metric["name"])[0])
        start = last - timedelta(days=20)
        wanted = metricflow.ask(metric["name"], ["metric_time__day"], start, last)
        request = Request(metric["name"], grain="day", date_from=start, date_to=last)
        found = answered(snapshot, registry, request)
        wrong += [(metric["name"], key, *pair) for key, pair in differing(found, wanted).items()]
        compared += 1
    assert wrong == []
    assert compared >= 20


def test_metricflow_drops_a_filter_on_the_input_of_a_cumulative_metric(registry, snapshot, manifest, facts):
    """lead_uv of one channel over 30 days: MetricFlow 0.213 counts every channel, without a word."""
    changed = copy.deepcopy(manifest)
    metric = copy.deepcopy(next(one for one in changed["metrics"] if one["name"] == "lead_uv_30d"))
    metric["name"], metric["label"] = "lead_uv_website_30d", "People of the website"
    condition = {"where_sql_template": "{{ Entity('channel') }} = 'website'"}
    metric["type_params"]["measure"]["filter"] = {"where_filters": [condition]}
    changed["metrics"].append(metric)
    flow, last = MetricFlow(changed, facts.connection), facts.as_of["crm"]
    [filtered] = flow.ask("lead_uv_website_30d", ["metric_time__day"], last, last).values()
    [whole] = flow.ask("lead_uv_30d", ["metric_time__day"], last, last).values()
    request = Request("lead_uv_30d", date_to=last, where={"channel": "website"})
    [(_, ours)] = answered(snapshot, registry, request).items()
    frame = facts.frame("lead")
    recent = frame[(frame["day"].dt.date > last - timedelta(days=30)) & (frame["channel"] == "website")]
    assert ours == recent["lead_uv"].nunique()
    assert filtered == whole > ours

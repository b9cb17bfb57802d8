"""No reader gets another's rows: every loader of the pages, under every scope, from several threads."""

import inspect
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from dashboards import loaders
from indicators.planner import Request
from indicators.registry import load_registry
from serving.access import EVERYTHING, NOTHING, AccessScope
from serving.errors import QueryFailed
from serving.scope import NETWORK, Period, Scope
from tests.unit.serving.warehouse import AS_OF

YEAR = Period(AS_OF - timedelta(days=364), AS_OF)
DEALERS = AccessScope("dealer", ("D0007", "D0015"))
REGION = AccessScope("region", ("DE-BY",))
REGISTRY = load_registry()
LEADS = Request("lead_cnt", ("dealer",), YEAR.first, YEAR.last)
# How each loader is asked; a loader that is not here fails the test below.
QUESTIONS = {
    "freshness": (), "due_loads": (), "entity_loads": (), "rejected_reasons": (), "identity_builds": (),
    "review_pairs": (), "comparisons": (), "regions": (), "dealers": (),
    "funnel": (YEAR, NETWORK), "funnel_by": (YEAR, "dealer_id", NETWORK), "course": (YEAR, NETWORK, 12),
    "targets": (YEAR, NETWORK), "weak_links": ("365d", NETWORK), "judged_steps": ("365d", "D0001"),
    "judged_dealers": ("365d", NETWORK), "insights": ("365d", Scope(dealer="D0001")),
    "worst_parts": ("365d", "dealer", 50), "peer_steps": ("365d", "network"), "queues": ("D0008",),
    "month_so_far": (REGISTRY, "lead_cnt", AS_OF, Scope(dealer="D0001")),
    "month_targets": (AS_OF, NETWORK), "indicator_entries": (), "indicator_gates": ("lead_cnt",),
    "dbt_tests": (("a",),), "indicator_statuses": (("lead_cnt",),),
    "indicator_reading": (REGISTRY, "lead_cnt"), "indicator": (REGISTRY, LEADS),
    "people_behind": (REGISTRY, LEADS), "rows_behind": (REGISTRY, LEADS),
}  # fmt: skip


def cached() -> set[str]:
    return {
        name
        for name, value in vars(loaders).items()
        if hasattr(value, "clear") and hasattr(value, "__wrapped__")
        and next(iter(inspect.signature(value).parameters), "") == "snapshot"
    }  # fmt: skip


def test_every_loader_is_tried_here():
    assert cached() == set(QUESTIONS)


def ask(snapshot, scope: AccessScope, name: str) -> str:
    """The answer as text, with every value in it; a refusal has none."""
    try:
        return repr(getattr(loaders, name)(snapshot.seen_by(scope), *QUESTIONS[name]))
    except QueryFailed:
        return ""


@pytest.mark.parametrize("scope", [DEALERS, REGION, NOTHING])
def test_no_loader_gives_another_dealers_rows_whoever_asked_before(snapshot, scope):
    everybody = {
        row["dealer_id"]: row["region_code"]
        for row in snapshot.query("SELECT dealer_id, region_code FROM serving.srv_dealer").to_pylist()
    }
    own = {
        dealer
        for dealer, region in everybody.items()
        if (scope.kind == "dealer" and dealer in scope.ids)
        or (scope.kind == "region" and region in scope.ids)
    }
    names = sorted(QUESTIONS)
    with ThreadPoolExecutor(
        4
    ) as pool:  # everybody's answers are cached first, and asked for at the same time
        list(pool.map(lambda name: ask(snapshot, EVERYTHING, name), names))
        tried = [(name, one) for name in names for one in (scope, EVERYTHING, scope)]
        found = list(pool.map(lambda what: (what, ask(snapshot, what[1], what[0])), tried))
    for (name, one), text in found:
        if one == scope:
            leaked = set(re.findall(r"D\d{4}", text)) - own
            assert not leaked, f"{name} told {scope} of {sorted(leaked)}"
    # What a page asks by name must not answer either.
    for name in ("judged_steps", "insights"):
        if "D0001" not in own:
            assert ask(snapshot, scope, name) == "[]", name
    if "D0008" not in own:
        assert "waiting_cnt=3" not in ask(snapshot, scope, "queues")


def test_a_stranger_gets_no_number_at_all(snapshot):
    for name in ("course", "funnel"):
        text = ask(snapshot, NOTHING, name)
        assert not re.search(r"(entered|passed)=[1-9]", text), name
    assert loaders.indicator(snapshot.seen_by(NOTHING), REGISTRY, LEADS).table.num_rows == 0

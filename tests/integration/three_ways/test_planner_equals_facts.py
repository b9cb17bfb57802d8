"""A thousand random requests and more: the planner's answers are those of brute force on the facts."""

from collections import Counter
from typing import Any

import pytest

from indicators.planner import Request
from indicators.registry import Registry, load_registry
from serving.errors import QueryFailed
from serving.query import ask
from serving.store import Snapshot, Store
from tests.integration.three_ways.facts import Facts
from tests.integration.three_ways.oracle import TOTAL, Oracle
from tests.integration.three_ways.requests import generate

COUNT = 1_200


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def snapshot(tiny) -> Snapshot:
    return Store(tiny.snapshots_dir).snapshot()


@pytest.fixture(scope="module")
def oracle(tiny):
    with tiny.connect() as connection:
        yield Oracle(Facts(connection))


def answered(snapshot: Snapshot, registry: Registry, request: Request) -> dict[tuple, dict[str, Any]]:
    """The planner's rows by their keys, without those that have no value."""
    found = {}
    for row in ask(snapshot, registry, request).rows():
        period = (row["period"],) if request.grain else ()
        group = TOTAL if row.get("is_total") else tuple(row[name] for name in request.by)
        found[(*period, *group)] = row
    return found


def differences(request: Request, found: dict[tuple, dict], wanted: dict[tuple, dict]) -> list[str]:
    """What differs, key by key; a missing row is one without a value."""
    wrong = []
    for key in {*found, *wanted}:
        row, want = found.get(key, {}), wanted.get(key, {})
        pairs = [("value", "value"), ("value_now", "now"), ("value_before", "before"), ("n", "n")]
        for mine, other in pairs:
            got, expected = row.get(mine), want.get(other)
            if mine == "value" or mine in row:
                same = got == expected or (
                    None not in (got, expected)
                    and float(got) == pytest.approx(float(expected), rel=1e-9, abs=1e-9)
                )
                wrong += [] if same else [f"{request} {key} {mine}: {got}, by hand {expected}"]
        if "is_mature" in row and row.get("value") is not None and row["is_mature"] != want.get("is_mature"):
            wrong.append(f"{request} {key}: is_mature {row['is_mature']}")
    return wrong


def test_a_thousand_random_requests_equal_brute_force_on_the_facts(snapshot, registry, oracle):
    wrong, seen, refused = [], Counter(), 0
    for request in generate(registry, oracle, COUNT, seed=20261120):
        base = oracle.taken_apart(request.code)[0]
        wanted = oracle.answer(request)
        try:
            found = answered(snapshot, registry, request)
        except QueryFailed:
            refused += 1  # right only where there is no value to give
            if oracle.has_no_answer(request):
                continue
            wrong += (
                [f"{request} refused, by hand {wanted}"]
                if any(r["value"] is not None for r in wanted.values())
                else []
            )
            continue
        wrong += [f"{request}: answered for parts of months"] if oracle.has_no_answer(request) else []
        wrong += differences(request, found, wanted)
        if any(row["value"] is not None for row in found.values()):
            seen[registry.additivity(base)] += 1
    assert wrong == []
    assert sum(seen.values()) >= COUNT * 0.6, (seen, refused)
    assert all(seen[letter] >= 10 for letter in {registry.additivity(code) for code in registry.bases}), seen

"""What moved orders, on a published snapshot: effects sum to the change, and so do the changes of parts."""

import json
import math
from datetime import date

import pytest

from indicators.registry import Registry, load_registry
from serving.drivers import Span, most, what_moved
from serving.errors import QueryFailed
from serving.store import Snapshot, Store

NOW = Span(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def snapshot(tiny) -> Snapshot:
    return Store(tiny.snapshots_dir).snapshot()


@pytest.mark.parametrize("code", ["order_cnt", "order_amt", "svc_amt"])
@pytest.mark.parametrize("against", ["previous", "yoy", Span(date(2025, 1, 1), date(2025, 2, 28))])
def test_effects_and_parts_sum_to_the_change(snapshot, registry, code, against):
    for by in ("dealer", "region"):
        moved = what_moved(snapshot, registry, code, NOW, against, by=by)
        tolerance = 1e-9 * max(1.0, abs(moved.whole.now), abs(moved.whole.before))
        for one in [moved.whole, *(part.moved for part in moved.parts)]:
            assert math.isclose(
                math.fsum(effect.change for effect in one.effects), one.change, abs_tol=tolerance
            )
        parts = math.fsum(part.moved.change for part in moved.parts)
        assert math.isclose(parts, moved.whole.change, abs_tol=tolerance)


def test_one_dealer_alone_is_the_dealers_part_of_the_whole(snapshot, registry):
    moved = what_moved(snapshot, registry, "order_cnt", NOW, "yoy", by="dealer")
    part = next(one for one in moved.parts if one.value)
    alone = what_moved(snapshot, registry, "order_cnt", NOW, "yoy", where={"dealer": part.value})
    assert alone.whole == part.moved
    assert alone.parts == ()


def test_no_order_of_dealers_is_chosen(snapshot, registry):
    dealers = [part.value for part in what_moved(snapshot, registry, "order_cnt", NOW, by="dealer").parts]
    dealers = [value for value in dealers if value]
    one, other = (
        what_moved(snapshot, registry, "order_cnt", NOW, by="dealer", where={"dealer": order})
        for order in (dealers, dealers[::-1])
    )
    assert one == other


def test_the_part_that_contributed_most_moved_the_way_of_the_whole(snapshot, registry):
    moved = what_moved(snapshot, registry, "order_cnt", NOW, "yoy", by="dealer")
    first = most(moved)
    assert first.moved.change * moved.whole.change > 0
    assert all(
        abs(first.moved.change) >= abs(one.moved.change)
        for one in moved.parts
        if one.moved.change * moved.whole.change > 0
    )


def test_what_cannot_be_taken_apart_is_refused_in_words(snapshot, registry):
    with pytest.raises(QueryFailed, match="these have one: order_cnt"):
        what_moved(snapshot, registry, "lead_uv", NOW)
    with pytest.raises(QueryFailed, match="cannot be cut by 'energy'"):
        what_moved(snapshot, registry, "order_cnt", NOW, by="energy")
    with pytest.raises(QueryFailed, match="There is no period 'lately'"):
        what_moved(snapshot, registry, "order_cnt", NOW, "lately")
    with pytest.raises(QueryFailed, match="has data from"):
        what_moved(snapshot, registry, "order_cnt", NOW, Span(date(2001, 1, 1), date(2001, 2, 1)))


def test_the_command_line_says_it(tiny, run_forecourt):
    period = ["--from", "2026-04-01", "--to", "2026-06-30", "--against", "yoy"]
    table = run_forecourt(tiny.data_dir, "indicators", "drivers", "order_cnt", *period)
    assert table.returncode == 0, table.stderr
    assert "Orders for each test drive" in table.stdout
    said = run_forecourt(tiny.data_dir, "indicators", "drivers", "order_cnt", *period, "--json")
    found = json.loads(said.stdout)
    assert sum(one["change"] for one in found["whole"]["effects"]) == pytest.approx(found["whole"]["change"])

"""What `indicators drivers` prints of a change that was taken apart."""

from datetime import date

import pytest

from indicators.decomposition import Decomposition, Effect, Factor
from indicators.drivers import Branch, Tree
from indicators.models import Name
from orchestration.cli import drivers
from orchestration.errors import ForecourtError
from serving.drivers import Moved, Part, Span

NOW, BEFORE = Span(date(2026, 6, 1), date(2026, 6, 30)), Span(date(2025, 6, 1), date(2025, 6, 30))


def change(before: float, now: float) -> Decomposition:
    return Decomposition(before, now, (Effect(("visits",), before, now, now - before),))


def moved(*parts: tuple[str, float, float]) -> Moved:
    """The change of a whole that is the sum of its parts."""
    name = Name(en="Orders", zh="订单")
    tree = Tree("order_cnt", name, (Branch("visits", name, Factor("visits", {"visit_cnt": 1})),))
    whole = change(sum(part[1] for part in parts), sum(part[2] for part in parts))
    found = [Part(value, change(old, new), (new - old) / whole.change) for value, old, new in parts]
    return Moved(tree, NOW, BEFORE, whole, "dealer", tuple(found))


def test_the_period_stands_before_the_one_that_it_is_set_against(capsys):
    drivers._show_effects(moved(("D1", 1, 5)))
    assert "order_cnt, 2026-06-01 to 2026-06-30 against 2025-06-01 to 2025-06-30" in capsys.readouterr().out


def test_a_share_above_the_whole_change_is_left_out(capsys):
    drivers._show_parts(moved(("D1", 10, 20), ("D2", 10, 1)), limit=10)
    said = capsys.readouterr().out
    assert "D1 contributed most: +10.0." in said
    assert "%" not in said
    drivers._show_parts(moved(("D1", 10, 16), ("D2", 10, 14)), limit=10)
    said = capsys.readouterr().out
    assert "D1 contributed most: +6.0, 60% of the change." in said
    assert "40%" in said


@pytest.mark.parametrize("text", ["foo:bar", "2025-07-01:", ":", "2025-07-01:2025-06-31"])
def test_a_period_that_cannot_be_read_is_refused_in_a_sentence(text):
    with pytest.raises(ForecourtError, match=f"--against {text} is no period: write previous, mom"):
        drivers._against(text)


def test_a_period_is_named_or_two_days():
    assert drivers._against("yoy") == "yoy"
    assert drivers._against("2025-06-01:2025-06-30") == BEFORE

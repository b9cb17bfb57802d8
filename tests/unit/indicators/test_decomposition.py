"""A change taken apart: the effects sum to it, no order of factors matters, zeros are whole."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.decomposition import Factor, decompose, logarithmic_mean

CODES = ["leads", "cards", "visits", "drives", "orders"]
CHAIN = [
    Factor("traffic", {"leads": 1}),
    *(Factor(f"{later}/{code}", {later: 1, code: -1}) for code, later in pairwise(CODES)),
]
POSITIVE = st.integers(1, 10**7).map(float)
ANY = st.none() | st.just(0.0) | POSITIVE


def values(number: st.SearchStrategy) -> st.SearchStrategy:
    return st.fixed_dictionaries(dict.fromkeys(CODES, number))


@settings(derandomize=True, max_examples=300)
@given(before=values(ANY), now=values(ANY))
def test_effects_sum_to_the_change_whatever_is_zero_or_missing(before, now):
    found = decompose(CHAIN, before, now, "orders")
    if before["orders"] is None or now["orders"] is None:
        assert found.change is None
        assert found.effects == ()
        return
    size = max(
        1.0, abs(before["orders"]), abs(now["orders"])
    )  # a double of 1e7 knows 1e-9 of itself, not of 1
    changes = math.fsum(effect.change for effect in found.effects)
    assert changes == pytest.approx(found.change, abs=1e-9 * size)
    assert [name for effect in found.effects for name in effect.factors] == [one.name for one in CHAIN]


@settings(derandomize=True, max_examples=200)
@given(before=values(POSITIVE), now=values(POSITIVE), order=st.permutations(range(len(CHAIN))))
def test_no_order_of_the_factors_is_chosen(before, now, order):
    one = {e.factors: e.change for e in decompose(CHAIN, before, now, "orders").effects}
    other = {e.factors: e.change for e in decompose([CHAIN[i] for i in order], before, now, "orders").effects}
    assert other == pytest.approx(one, rel=1e-9, abs=1e-9 * max(before["orders"], now["orders"]))


@settings(derandomize=True, max_examples=200)
@given(before=values(POSITIVE), now=values(POSITIVE))
def test_the_effect_of_factors_taken_together_is_the_sum_of_theirs(before, now):
    apart = decompose(CHAIN, before, now, "orders").effects
    joined = [Factor("drives", {"drives": 1}), CHAIN[-1]]
    together = decompose(joined, before, now, "orders").effects
    expected = math.fsum(effect.change for effect in apart[:-1])
    assert together[0].change == pytest.approx(
        expected, rel=1e-9, abs=1e-9 * max(*before.values(), *now.values())
    )


def test_by_hand():
    """Twice the leads at the same rates: the whole change is traffic's."""
    before = dict(zip(CODES, [100.0, 80.0, 40.0, 20.0, 10.0], strict=True))
    now = {code: value * 2 for code, value in before.items()}
    found = decompose(CHAIN, before, now, "orders")
    assert found.change == 10
    assert [effect.change for effect in found.effects] == pytest.approx([10, 0, 0, 0, 0])
    now = {**before, "orders": 12.0}
    assert [e.change for e in decompose(CHAIN, before, now, "orders").effects] == pytest.approx(
        [0, 0, 0, 0, 2]
    )
    # leads double and half as many orders come of a test drive: both effects, of the same size
    now = dict(zip(CODES, [200.0, 160.0, 80.0, 40.0, 10.0], strict=True))
    effects = [e.change for e in decompose(CHAIN, before, now, "orders").effects]
    assert effects == pytest.approx([10 * math.log(2), 0, 0, 0, -10 * math.log(2)])


def test_the_step_that_fell_to_nothing_takes_the_whole_change():
    before = dict(zip(CODES, [100.0, 80.0, 40.0, 20.0, 10.0], strict=True))
    found = decompose(CHAIN, before, {**before, "leads": 300.0, "orders": 0.0}, "orders")
    assert {e.factors: e.change for e in found.effects if e.change} == {("orders/drives",): -10}
    # without a test drive nobody can say how many orders come of one: both are one effect
    found = decompose(CHAIN, before, {**before, "drives": 0.0, "orders": 0.0}, "orders")
    assert {e.factors: e.change for e in found.effects if e.change} == {
        ("drives/visits", "orders/drives"): -10
    }


def test_a_step_without_data_is_taken_together_with_its_neighbour():
    before = dict(zip(CODES, [100.0, None, 40.0, 20.0, 10.0], strict=True))
    now = dict(zip(CODES, [100.0, None, 60.0, 30.0, 15.0], strict=True))
    found = decompose(CHAIN, before, now, "orders")
    assert [e.factors for e in found.effects][:2] == [("traffic",), ("cards/leads", "visits/cards")]
    assert [e.change for e in found.effects] == pytest.approx([0, 5, 0, 0])


def test_nothing_changed_is_no_effect_and_less_than_nothing_is_refused():
    same = dict.fromkeys(CODES, 7.0)
    assert all(e.change == 0 for e in decompose(CHAIN, same, same, "orders").effects)
    with pytest.raises(ValueError, match="not negative"):
        decompose(CHAIN, same, {**same, "orders": -1.0}, "orders")


@given(a=POSITIVE, b=POSITIVE)
@settings(derandomize=True)
def test_the_logarithmic_mean_lies_between_its_numbers(a, b):
    assert min(a, b) * (1 - 1e-9) <= logarithmic_mean(a, b) <= max(a, b) * (1 + 1e-9)

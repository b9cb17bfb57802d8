"""Precision and recall of pairs, against a count of every pair by hand."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.evaluate import pairwise


def test_one_wrong_merge_and_one_missed_pair():
    truth = {"a": "P1", "b": "P1", "c": "P1", "d": "P2"}
    found = {"a": "X", "b": "X", "c": "Y", "d": "Y"}
    score = pairwise(found, truth)
    assert (score.true_pairs, score.found_pairs, score.right_pairs) == (3, 2, 1)
    assert score.precision == pytest.approx(1 / 2)
    assert score.recall == pytest.approx(1 / 3)
    assert score.f1 == pytest.approx(0.4)


def test_records_that_only_one_side_knows_are_left_out():
    assert pairwise({"a": "X", "z": "X"}, {"a": "P", "b": "P"}) == (0, 0, 0)


def test_nothing_to_compare_is_perfect_and_not_an_error():
    score = pairwise({}, {})
    assert (score.precision, score.recall) == (1.0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=25))
def test_counts_equal_those_over_all_pairs(rows):
    truth = {str(i): f"P{person}" for i, (person, _) in enumerate(rows)}
    found = {str(i): f"X{one_id}" for i, (_, one_id) in enumerate(rows)}
    pairs = list(combinations(rows, 2))
    assert pairwise(found, truth) == (
        sum(a[0] == b[0] for a, b in pairs),
        sum(a[1] == b[1] for a, b in pairs),
        sum(a == b for a, b in pairs),
    )

"""Pairs that exclude each other are every pair of a kind inside a component, and no other."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from identity.clustering import exclusive_pairs


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2)), max_size=15))
def test_records_of_one_source_in_one_component_exclude_each_other(rows):
    component = np.array([row[0] for row in rows], dtype=np.int64)
    kind = np.array([row[1] for row in rows], dtype=np.int64)
    left, right = exclusive_pairs(component, kind)
    found = sorted(tuple(sorted(pair)) for pair in zip(left.tolist(), right.tolist(), strict=True))
    expected = [
        (a, b) for a, b in combinations(range(len(rows)), 2) if rows[a] == rows[b] and rows[a][1] >= 0
    ]
    assert found == expected

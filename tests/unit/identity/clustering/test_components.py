"""Components must be real ones: a chain of any length is one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.clustering import components


def as_arrays(edges):
    pairs = np.array(list(edges), dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


@pytest.mark.parametrize("length", [1, 2, 5, 10_000])
def test_a_chain_of_any_length_is_one_component(length):
    order = np.random.default_rng(7).permutation(length)
    labels = components(order[:-1], order[1:], length)
    assert labels.tolist() == [0] * length


def test_a_star_is_one_component_and_others_stay_apart():
    labels = components(np.full(9_999, 500), np.arange(9_999), 10_002)
    assert set(labels[:9_999]) == {0}
    assert labels[9_999:].tolist() == [9_999, 10_000, 10_001]


def test_an_edge_met_very_often_still_joins():
    # 256 repeats summed in one byte would be no edge at all
    labels = components(np.zeros(256 * 256, dtype=np.int64), np.ones(256 * 256, dtype=np.int64), 2)
    assert labels.tolist() == [0, 0]


def test_no_edges_leave_everybody_alone():
    assert components(*as_arrays([]), 3).tolist() == [0, 1, 2]


def test_an_edge_to_a_record_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"0 \.\. 2"):
        components(np.array([0]), np.array([3]), 3)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40))
def test_components_equal_a_search_from_every_node(edges):
    neighbours = {node: {node} for node in range(20)}
    for left, right in edges:
        neighbours[left].add(right)
        neighbours[right].add(left)

    def reach(node):
        seen, todo = {node}, [node]
        while todo:
            for other in neighbours[todo.pop()] - seen:
                seen.add(other)
                todo.append(other)
        return min(seen)

    assert components(*as_arrays(edges), 20).tolist() == [reach(node) for node in range(20)]

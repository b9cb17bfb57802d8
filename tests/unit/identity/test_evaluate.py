"""Every measure of a partition, against a count by hand, record by record and pair by pair."""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.evaluate import evaluate, pairwise


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


def groups(labels):
    found = defaultdict(set)
    for record, label in enumerate(labels):
        found[label].add(record)
    return {frozenset(group) for group in found.values()}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=25))
def test_the_other_measures_equal_their_definitions(rows):
    person, cluster = [row[0] for row in rows], [row[1] for row in rows]
    measured = evaluate(np.array(cluster), np.array(person))
    people, clusters = groups(person), groups(cluster)
    of = {record: group for group in people for record in group}
    found = {record: group for group in clusters for record in group}
    cnt = len(rows)
    assert measured.bcubed.precision == pytest.approx(
        sum(len(of[r] & found[r]) / len(found[r]) for r in of) / cnt
    )
    assert measured.bcubed.recall == pytest.approx(sum(len(of[r] & found[r]) / len(of[r]) for r in of) / cnt)
    assert measured.exact.precision == pytest.approx(len(people & clusters) / len(clusters))
    assert measured.exact.recall == pytest.approx(len(people & clusters) / len(people))
    mixed = [group for group in clusters if len({person[record] for record in group}) > 1]
    several = [group for group in clusters if len(group) > 1]
    assert measured.over_merged == len(mixed)
    assert measured.over_merged_share == pytest.approx(len(mixed) / len(several) if several else 0)
    assert measured.largest_cluster == max(map(len, clusters))
    assert measured.largest_person == max(map(len, people))
    assert (measured.records, measured.people, measured.clusters) == (cnt, len(people), len(clusters))


def test_a_perfect_partition_and_no_records_at_all_score_one():
    for measured in (evaluate(["a", "a", "b"], [7, 7, 1]), evaluate([], [])):
        scores = (measured.pairs.f1, measured.bcubed.f1, measured.exact.f1)
        assert scores == (1.0, 1.0, 1.0)
        assert (measured.over_merged, measured.over_merged_share) == (0, 0.0)


def test_labels_of_different_records_are_refused():
    with pytest.raises(ValueError, match="2 and 1"):
        evaluate([1, 2], [1])

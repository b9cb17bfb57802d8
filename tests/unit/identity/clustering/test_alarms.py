"""A person of strangers, or of more records than anybody has, is held back; typing errors are not taken for
people.
"""

import numpy as np

from identity.clustering import Links, cluster_or_hold_back
from identity.clustering.alarms import alarming

NOBODY = np.empty(0, dtype=np.int64)
RULE, KEY, STEWARD = 90, 97, 1000


def judged(names: list[int], label: list[int] | None = None, most_nodes: int = 100) -> list[bool]:
    numbers = np.array(label or [0] * len(names), dtype=np.int64)
    return alarming(numbers, np.array(names, dtype=np.int64), most_names=3, most_nodes=most_nodes).tolist()


def test_strangers_in_one_cluster_alarm_and_no_other_cluster_does():
    assert judged([1, 2, 3, 4, 7], label=[0, 0, 0, 0, 4]) == [True] * 4 + [False]


def test_errors_around_one_name_do_not_alarm():
    assert not any(judged([1, 1, 1, 1, 1, 2, 3, 4, 5]))


def test_a_household_of_as_many_names_as_are_allowed_does_not_alarm():
    assert not any(judged([1, 2, 3]))


def test_records_without_a_name_alarm_by_their_number_alone():
    assert not any(judged([-1] * 9))
    assert all(judged([-1] * 9, most_nodes=8))


def held_back(names: list[int], links: list[tuple[int, int, int]], pairs: list[tuple[int, int]] = ()):
    """Clusters, and what they were held back from, of links (node, node, authority) and certain scores."""
    must = Links(*np.array(links, dtype=np.int64).reshape(-1, 3).T)
    left, right = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    label, alarm = cluster_or_hold_back(
        len(names), left, right, np.full(len(left), 30.0),
        must=must, cannot=Links(NOBODY, NOBODY, NOBODY),
        names=lambda _chosen: np.array(names, dtype=np.int64),
        most_names=3, most_nodes=100, sure=(95, STEWARD),
    )  # fmt: skip
    return label.tolist(), alarm.tolist()


def test_an_alarming_cluster_keeps_keys_and_loses_rules_and_scores():
    chain = [(0, 1, KEY), (1, 2, RULE), (2, 3, RULE), (3, 4, STEWARD)]
    assert held_back([1, 2, 3, 4, 5, 9, 9], [*chain, (5, 6, RULE)], [(0, 2)]) == (
        [0, 0, 2, 3, 3, 5, 5],
        [0, 0, 0, 0, 0, -1, -1],
    )


def test_where_the_keys_themselves_alarm_only_stewards_are_believed():
    label, alarm = held_back([1, 2, 3, 4], [(0, 1, KEY), (1, 2, KEY), (2, 3, KEY), (0, 3, STEWARD)])
    assert label == [0, 1, 2, 0]
    assert alarm == [0, 0, 0, 0]


def test_what_scores_alone_put_together_is_held_back_too():
    assert held_back([1, 2, 3, 4], [], [(0, 1), (1, 2), (2, 3)]) == ([0, 1, 2, 3], [0, 0, 0, 0])

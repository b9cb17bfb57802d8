"""How good a partition of records into people is, measured against a known truth.

Everything is counted from the sizes of groups and of their overlaps: a million records take a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]


class PairScore(NamedTuple):
    """Pairs of records: of one person (`true_pairs`), put together (`found_pairs`), both (`right_pairs`)."""

    true_pairs: int
    found_pairs: int
    right_pairs: int

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together; 1.0 when none was put together."""
        return self.right_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put together; 1.0 when there is none."""
        return self.right_pairs / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


class Score(NamedTuple):
    """Precision and recall of some kind, 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


@dataclass(frozen=True)
class Evaluation:
    """A partition held against a truth.

    `bcubed`: for each record the share of its cluster that is its person (precision) and of its person that
    is in its cluster (recall), averaged over the records (Bagga and Baldwin, 1998). `exact`: share of the
    clusters that hold one person with all their records (precision), share of the people that have such a
    cluster (recall); people with one record count. `over_merged`: clusters that hold more than one person;
    `over_merged_share` is their share of the clusters with several records. `largest_cluster` is in records.
    """

    records: int
    people: int
    clusters: int
    pairs: PairScore
    bcubed: Score
    exact: Score
    largest_cluster: int
    largest_person: int
    over_merged: int
    over_merged_share: float

    def as_json(self) -> dict[str, Any]:
        """Figures by name, for a program; shares and scores from 0 to 1."""
        scores: dict[str, PairScore | Score] = {
            "pairwise": self.pairs,
            "bcubed": self.bcubed,
            "exact_clusters": self.exact,
        }
        return {
            "records": self.records,
            "people": self.people,
            "clusters": self.clusters,
            **{
                name: {"precision": score.precision, "recall": score.recall, "f1": score.f1}
                for name, score in scores.items()
            },
            "pairs": self.pairs._asdict(),
            "largest_cluster": self.largest_cluster,
            "largest_person": self.largest_person,
            "over_merged_clusters": self.over_merged,
            "over_merged_share": self.over_merged_share,
        }


def evaluate(found: ArrayLike, person: ArrayLike) -> Evaluation:
    """Compare two labels of the same records, one of each for each record; only equality matters.

    Raises ValueError when the two are not of one length.
    """
    cluster, cluster_size = _number(found)
    truth, person_size = _number(person)
    if len(cluster) != len(truth):
        raise ValueError(f"labels must be of the same records: {len(cluster)} and {len(truth)} were given")
    cell, overlap = np.unique(truth * max(len(cluster_size), 1) + cluster, return_counts=True)
    in_person, in_cluster = np.divmod(cell, max(len(cluster_size), 1))
    squares = overlap.astype(np.float64) ** 2
    exact = int(((overlap == cluster_size[in_cluster]) & (overlap == person_size[in_person])).sum())
    mixed = int((np.bincount(in_cluster, minlength=len(cluster_size)) > 1).sum())
    several = int((cluster_size > 1).sum())
    return Evaluation(
        records=len(cluster),
        people=len(person_size),
        clusters=len(cluster_size),
        pairs=PairScore(_pairs(person_size), _pairs(cluster_size), _pairs(overlap)),
        bcubed=Score(
            _share(float((squares / cluster_size[in_cluster]).sum()), len(cluster)),
            _share(float((squares / person_size[in_person]).sum()), len(cluster)),
        ),
        exact=Score(_share(exact, len(cluster_size)), _share(exact, len(person_size))),
        largest_cluster=int(cluster_size.max(initial=0)),
        largest_person=int(person_size.max(initial=0)),
        over_merged=mixed,
        over_merged_share=mixed / several if several else 0.0,
    )


def pairwise(found: Mapping[str, str], truth: Mapping[str, str]) -> PairScore:
    """Compare the ids in `found` (record key -> id) with the people in `truth` (record key -> person).

    Only records in both are compared.
    """
    keys = [key for key in truth if key in found]
    return evaluate([found[key] for key in keys], [truth[key] for key in keys]).pairs


def _number(labels: ArrayLike) -> tuple[Ints, Ints]:
    """Labels as 0, 1, 2 ... and how many records have each."""
    array = np.asarray(labels)
    if array.dtype == object:
        array = array.astype(str)
    _, number, size = np.unique(array, return_inverse=True, return_counts=True)
    return number.astype(np.int64), size.astype(np.int64)


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: float, whole: int) -> float:
    return part / whole if whole else 1.0


def _harmonic(precision: float, recall: float) -> float:
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0

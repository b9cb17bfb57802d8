"""How good a partition of records into people is, measured against a known truth."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


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
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairwise(found: Mapping[str, str], truth: Mapping[str, str]) -> PairScore:
    """Compare the ids in `found` (record key -> id) with the people in `truth` (record key -> person).

    Only records in both are compared. Pairs are counted from the sizes of groups: a million records take
    seconds.
    """
    keys = [key for key in truth if key in found]
    _, person = np.unique(
        np.array([truth[key] for key in keys], dtype=object).astype(str), return_inverse=True
    )
    _, one_id = np.unique(
        np.array([found[key] for key in keys], dtype=object).astype(str), return_inverse=True
    )
    both = person.astype(np.int64) * (int(one_id.max(initial=0)) + 1) + one_id
    return PairScore(_pairs(person), _pairs(one_id), _pairs(both))


def _pairs(groups: NDArray[np.int64]) -> int:
    sizes = np.unique(groups, return_counts=True)[1].astype(np.int64)
    return int((sizes * (sizes - 1) // 2).sum())

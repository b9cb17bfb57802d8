"""Gradient-boosted trees on comparison vectors: trained by scikit-learn, kept and read as plain numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LOG2_E = 1.4426950408889634

TREES = 100
LEAVES = 15
RATE = 0.1


@dataclass(frozen=True)
class Booster:
    """Trees as lists, one entry for each node: what it asks and where it goes.

    Node i of a tree asks whether `feature[i]` is at most `threshold[i]` (a missing value goes left where
    `missing_left[i]`), and goes to `left[i]` or `right[i]`; a leaf has feature -1 and gives `value[i]`. The
    sum over the trees plus `start` is the natural log odds.
    """

    features: list[str]
    start: float
    feature: list[list[int]]
    threshold: list[list[float]]
    missing_left: list[list[int]]
    left: list[list[int]]
    right: list[list[int]]
    value: list[list[float]]

    def log2_odds(self, vectors: Floats) -> Floats:
        """Log2 odds of each row of `vectors` (columns as in `features`, NaN where missing)."""
        total = np.full(len(vectors), self.start)
        for tree in range(len(self.feature)):
            total += self._leaves(tree, vectors)
        return total * LOG2_E

    def _leaves(self, tree: int, vectors: Floats) -> Floats:
        feature = np.asarray(self.feature[tree])
        threshold = np.asarray(self.threshold[tree])
        missing_left = np.asarray(self.missing_left[tree], dtype=bool)
        left, right = np.asarray(self.left[tree]), np.asarray(self.right[tree])
        node = np.zeros(len(vectors), dtype=np.int64)
        rows = np.arange(len(vectors)) if feature[0] >= 0 else np.array([], dtype=np.int64)
        while len(rows):
            at = node[rows]
            x = vectors[rows, feature[at]]
            goes_left = np.where(np.isnan(x), missing_left[at], x <= threshold[at])
            node[rows] = np.where(goes_left, left[at], right[at])
            rows = rows[feature[node[rows]] >= 0]
        return np.asarray(self.value[tree])[node]


def fit(vectors: Floats, positive: Floats, negative: Floats, features: list[str]) -> Booster:
    """Train on distinct vectors, each with how many matching and how many different pairs have it."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    yes, no = np.flatnonzero(positive > 0), np.flatnonzero(negative > 0)
    rows = np.concatenate([yes, no])
    classifier = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=20 if len(vectors) > 5_000 else 5,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=0,
    )
    known = ~np.isnan(vectors[rows]).all(axis=0)  # a column without a value cannot be binned
    with threadpool_limits(
        1
    ):  # a few ten thousand rows: threads that wait for each other cost more than they do
        classifier.fit(
            vectors[np.ix_(rows, known)],
            np.repeat([1, 0], [len(yes), len(no)]),
            sample_weight=np.concatenate([positive[yes], negative[no]]),
        )
    return _read(classifier, np.flatnonzero(known), features)


def _read(classifier: object, columns: NDArray[np.int64], features: list[str]) -> Booster:
    """The trees of a fitted classifier. scikit-learn has no public way to them; a test compares the sums."""
    nodes = [trees[0].nodes for trees in classifier._predictors]  # type: ignore[attr-defined]
    return Booster(
        features=features,
        start=float(np.ravel(classifier._baseline_prediction)[0]),  # type: ignore[attr-defined]
        feature=[
            [-1 if node["is_leaf"] else int(columns[node["feature_idx"]]) for node in tree] for tree in nodes
        ],
        threshold=[[_finite(node["num_threshold"]) for node in tree] for tree in nodes],
        missing_left=[[int(node["missing_go_to_left"]) for node in tree] for tree in nodes],
        left=[[int(node["left"]) for node in tree] for tree in nodes],
        right=[[int(node["right"]) for node in tree] for tree in nodes],
        value=[[round(float(node["value"]), 9) for node in tree] for tree in nodes],
    )


def _finite(threshold: float) -> float:
    """JSON has no infinity: a split that only sets missing values apart has the threshold infinity."""
    return float(np.nan_to_num(threshold, posinf=1e300))

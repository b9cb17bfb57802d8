"""The trees that are kept give what scikit-learn's give."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from identity.matching import boosting


@pytest.fixture(scope="module")
def vectors():
    rng = np.random.default_rng(11)
    values = rng.integers(0, 6, size=(3_000, 4)).astype(float)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[:, 3] = np.nan  # a column without a value
    likely = np.nan_to_num(values[:, 0]) + np.nan_to_num(values[:, 1], nan=2.0) > 5
    positive = np.where(likely, rng.integers(1, 9, 3_000), 0).astype(float)
    negative = np.where(likely, 0, rng.integers(1, 9, 3_000)).astype(float)
    return values, positive, negative


def test_kept_trees_equal_the_trained_ones(vectors, monkeypatch):
    trained = []
    read = boosting._read
    monkeypatch.setattr(boosting, "_read", lambda model, *rest: trained.append(model) or read(model, *rest))
    values, positive, negative = vectors
    booster = boosting.fit(values, positive, negative, ["a", "b", "c", "d"])
    classifier = trained[0]
    assert isinstance(classifier, HistGradientBoostingClassifier)
    expected = classifier.decision_function(values[:, :3]) * boosting.LOG2_E
    assert np.allclose(booster.log2_odds(values), expected, atol=1e-6)


def test_trees_are_plain_json(vectors):
    booster = boosting.fit(*vectors, ["a", "b", "c", "d"])
    again = boosting.Booster(**json.loads(json.dumps(booster.__dict__, allow_nan=False)))
    assert np.array_equal(again.log2_odds(vectors[0]), booster.log2_odds(vectors[0]))


def test_what_was_learned_separates(vectors):
    values, positive, negative = vectors
    weight = boosting.fit(values, positive, negative, ["a", "b", "c", "d"]).log2_odds(values)
    assert weight[positive > 0].min() > weight[negative > 0].max()

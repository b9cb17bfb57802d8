"""Comparison vectors as numbers for the learned scorer."""

import numpy as np
from numpy.typing import NDArray

from identity.matching.comparing import Vectors
from identity.matching.model import MatchPlan


def features(vectors: Vectors, plan: MatchPlan) -> tuple[list[str], NDArray[np.float64]]:
    """Names and values (vectors x features): every level, the frequency of what is agreed on, and the pair of
    sources; NaN where a value is missing.
    """
    rated = [i for i, comparison in enumerate(plan.compared) if comparison.frequency]
    names = [f"level_{comparison.name}" for comparison in plan.compared]
    names += [f"frequency_{plan.compared[i].name}" for i in rated]
    values = np.hstack([vectors.levels, vectors.frequency[:, rated]]).astype(np.float64)
    values[values < 0] = np.nan
    source_cnt = len(plan.sources) + 1
    same = vectors.source // source_cnt == vectors.source % source_cnt
    return [*names, "sources", "same_source"], np.column_stack([values, vectors.source, same])

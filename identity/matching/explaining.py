"""Why a pair weighs what it weighs."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from identity.matching import fellegi_sunter
from identity.matching.comparing import Vectors
from identity.matching.model import MatchModel


class Step(NamedTuple):
    """One bar of the waterfall: what was compared, with what result, and what it adds (bits)."""

    comparison: str
    label: str
    weight: float


def waterfall(model: MatchModel, pair: Mapping[str, float]) -> list[Step]:
    """The steps whose weights sum to the pair's `match_weight`.

    `pair` holds the columns of one row that `score` wrote. The first step is the prior, then come the
    comparisons that say something, last what the learned scorer changes where there is one: it sees
    combinations, such as one address and two given names, that no single comparison can.
    """
    compared = model.plan.compared
    levels = np.array([[int(pair[f"level_{c.name}"]) for c in compared]])
    frequency = np.array([[int(pair.get(f"frequency_{c.name}", -1)) for c in compared]])
    vectors = Vectors(levels, frequency, np.zeros(1, dtype=np.int64), np.ones(1, dtype=np.int64))
    found = fellegi_sunter.evidence(model.weights, vectors, compared)
    steps = [Step("prior", "two records drawn at random", model.weights.prior)]
    steps += [
        Step(comparison.name, comparison.label(int(level)), float(part))
        for comparison, level, part in zip(compared, levels[0], found.person[0], strict=True)
        if level >= 0
    ]
    if model.weights.relations:
        kind = max(found.relations, key=lambda name: found.relations[name][0])
        steps.append(Step(kind, f"what two persons of one {kind} share", -float(found.against[0])))
    if model.booster:
        rest = float(pair["match_weight"]) - sum(step.weight for step in steps)
        steps.append(Step("learned scorer", "combinations of the above", rest))
    return steps

"""What two records can be to each other, learned without labels by expectation maximisation.

Pairs of records are of four kinds: one person, one household (a surname, an address, a telephone in common,
and two different persons), neighbours (a place in common), strangers. A model that knows only two kinds, as
that of Fellegi and Sunter does, takes households for people or people for households as soon as there are
both. Within a kind fields agree independently. How often they do by chance (u) is known from random pairs,
and holds for every field that a kind does not share. So of households only what is shared has to be learned:
they cannot drift to people, whose given name and birth date agree.

Dempster, Laird and Rubin, Maximum Likelihood from Incomplete Data via the EM Algorithm, JRSS B 39 (1977);
latent classes in record linkage: Winkler, Using the EM Algorithm for Weight Computation in the Fellegi-Sunter
Model of Record Linkage, ASA 1988. How many strangers agree by chance is not estimated: all pairs are known
in number, also those that no blocking key found.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from identity.matching.comparing import Vectors
from identity.matching.fellegi_sunter import evidence, expected_shares, observed_shares, of_one_name
from identity.matching.fields import Comparison
from identity.matching.model import Relation, Shares, Weights

Floats = NDArray[np.float64]

PLACE = ("postal_code", "city", "region")
HOUSEHOLD = (*PLACE, "address", "family", "phone", "email", "gender", "device_id", "vin")
# What strangers share by coincidence alone. Numbers and the names of companies also go from one to another.
COINCIDENCE = ("given", "middle", "family", "birth", "email", "address")
AS_STRANGERS = ("email", "gender")  # what members of a household share only where the data show it
HOUSEHOLD_NEEDS = ("address", "phone", "family")  # one of them, to have anything in common
EXPECTED_PAIRS = 20.0  # that the expected shares count for
LEAST_PAIRS = 1e-3  # a kind of which there is no pair is as rare as this
ROUNDS = 100
STEADY = 1e-4  # change of the number of pairs of each kind, as a share of the largest


class Population(NamedTuple):
    """What is known of all pairs before any is compared.

    `record_cnt`: records; `pair_cnt`: pairs among which the candidates are; `random`: shares of the levels
    among random pairs; `filled`: comparison -> share of the records that have a value; `place_share`: share
    of pairs that agree on all that is said of the place (0: too little is).
    """

    record_cnt: int
    pair_cnt: float
    random: Shares
    filled: dict[str, float]
    place_share: float


def learn(vectors: Vectors, compared: Sequence[Comparison], population: Population) -> Weights:
    """The weights under which the candidate pairs are likeliest.

    Begins with what is expected of any data; to begin with what Splink's EM finds leads to the same.
    """
    weights = _beginning(compared, population)
    seen = vectors.pair_cnt.astype(np.float64)
    before = np.zeros(0)
    for _ in range(ROUNDS):
        kinds = _counted(weights, vectors, compared, seen)
        counts = np.array([pairs.sum() for kind, pairs in kinds.items() if kind != "strangers"])
        weights = _learned(weights, vectors, compared, kinds, population)
        if len(before) and np.abs(counts - before).max() < STEADY * counts.max():
            break
        before = counts
    return weights


def with_matches(
    weights: Weights,
    vectors: Vectors,
    compared: Sequence[Comparison],
    matches: Floats,
    pair_cnt: float,
) -> Weights:
    """The weights with m and the prior counted from the pairs in `matches` (a number for each vector)."""
    m = {
        comparison.name: observed_shares(vectors, matches, i, expected_shares(comparison), EXPECTED_PAIRS)
        for i, comparison in enumerate(compared)
    }
    return replace(weights, m=m, prior=_share(matches.sum(), pair_cnt))


def _beginning(compared: Sequence[Comparison], population: Population) -> Weights:
    names = [comparison.name for comparison in compared]
    u = population.random
    # every second record has a double, and a member of its household
    prior = -float(np.log2(max(population.record_cnt, 2)))
    relations = {}
    if population.place_share:
        certain = {c.name: [LEAST_PAIRS / c.top] * c.top + [1.0] for c in compared if c.name in PLACE}
        relations["neighbours"] = Relation(float(np.log2(population.place_share)), certain)
    # what only households share does not tell its members apart: then each household is one person
    if set(names) & set(HOUSEHOLD_NEEDS) and set(names) - set(HOUSEHOLD):
        relations["household"] = Relation(prior, _expected_of_household(compared, u))
    return Weights(
        prior=prior,
        m={comparison.name: expected_shares(comparison) for comparison in compared},
        u=u,
        commonness={name: float(np.log2(u[name][-1] * population.record_cnt)) for name in names},
        relations=relations,
        namesakes=u["email"] if {"given", "family", "email"} <= set(names) else [],
    )


def _expected_of_household(compared: Sequence[Comparison], u: Shares) -> Shares:
    return {
        comparison.name: u[comparison.name]
        if comparison.name in AS_STRANGERS
        else expected_shares(comparison)
        for comparison in compared
        if comparison.name in HOUSEHOLD
    }


def _counted(
    weights: Weights, vectors: Vectors, compared: Sequence[Comparison], seen: Floats
) -> dict[str, Floats]:
    """How many of the `seen` pairs of each vector are of each kind."""
    found = evidence(weights, vectors, compared)
    odds = {
        "person": weights.prior + found.person.sum(axis=1),
        **found.relations,
        "strangers": np.zeros(len(seen)),
    }
    total = np.logaddexp2.reduce(list(odds.values()))
    return {kind: seen * np.exp2(odd - total) for kind, odd in odds.items()}


def _learned(
    weights: Weights,
    vectors: Vectors,
    compared: Sequence[Comparison],
    pairs: dict[str, Floats],
    population: Population,
) -> Weights:
    """The weights that make these pairs of each kind likeliest."""
    relations = dict(weights.relations)
    u = weights.u | {
        comparison.name: _of_strangers(vectors, i, comparison, pairs, population)
        for i, comparison in enumerate(compared)
        if comparison.name in COINCIDENCE
    }
    if "household" in relations:
        relations["household"] = _household(vectors, compared, pairs["household"], population)
    if "neighbours" in relations:
        together = pairs["person"] + pairs.get("household", 0.0)
        relations["neighbours"] = _neighbours(
            relations["neighbours"], vectors, compared, together, population
        )
    namesakes = weights.namesakes
    if namesakes:
        i = [comparison.name for comparison in compared].index("email")
        unrelated = (pairs["strangers"] + pairs.get("neighbours", 0.0)) * of_one_name(vectors, compared)
        namesakes = observed_shares(vectors, unrelated, i, u["email"], EXPECTED_PAIRS)
    found = with_matches(weights, vectors, compared, pairs["person"], population.pair_cnt)
    return replace(found, u=u, relations=relations, namesakes=namesakes)


def _of_strangers(
    vectors: Vectors, column: int, comparison: Comparison, pairs: dict[str, Floats], population: Population
) -> list[float]:
    """Shares of the levels among random pairs, without the pairs of one person or household among these.

    Of birth dates in a small file most agreements are one person's: as chance agreement they would speak
    against the very pairs that they prove.
    """
    related = pairs["person"] + (
        pairs["household"] if comparison.name in HOUSEHOLD and "household" in pairs else 0
    )
    level = vectors.levels[:, column]
    there = level >= 0
    counted = np.bincount(level[there], weights=related[there], minlength=comparison.top + 1)
    both_filled = max(population.pair_cnt * population.filled[comparison.name] ** 2, 1.0)
    random = np.asarray(population.random[comparison.name])
    rest = np.maximum(random - counted / both_filled, np.minimum(random, 0.5 / both_filled))
    return [float(share) for share in rest / rest.sum()]


def _household(
    vectors: Vectors,
    compared: Sequence[Comparison],
    pairs: Floats,
    population: Population,
) -> Relation:
    expected = _expected_of_household(compared, population.random)
    shares = {
        comparison.name: observed_shares(vectors, pairs, i, expected[comparison.name], EXPECTED_PAIRS)
        for i, comparison in enumerate(compared)
        if comparison.name in expected
    }
    return Relation(_share(pairs.sum(), population.pair_cnt), shares)


def _neighbours(
    relation: Relation,
    vectors: Vectors,
    compared: Sequence[Comparison],
    together: Floats,
    population: Population,
) -> Relation:
    """All pairs with one place but those of one person or household.

    They are counted, and not learned from the candidates: of neighbours only those are candidates that agree
    on more than the place.
    """
    columns = [i for i, comparison in enumerate(compared) if comparison.name in relation.shares]
    tops = np.array([compared[i].top for i in columns])
    one_place = (vectors.levels[:, columns] == tops).all(axis=1)
    rest = population.place_share * population.pair_cnt - together[one_place].sum()
    return replace(relation, prior=_share(rest, population.pair_cnt))


def _share(pairs: float, pair_cnt: float) -> float:
    """log2 of the share of all pairs."""
    return float(np.log2(max(pairs, LEAST_PAIRS) / pair_cnt))

"""The plan (what is compared and blocked) and the trained model, both as plain JSON."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from identity.matching.blocking import Key
from identity.matching.boosting import Booster
from identity.matching.fields import Comparison, named

Shares = dict[str, list[float]]  # comparison -> share of pairs on each level, the level 0 first

FORMAT = 2  # raised when an older model can no longer be read


@dataclass(frozen=True)
class MatchPlan:
    """What the data's profile chose.

    `comparisons`: names of `fields.COMPARISONS`; `keys`: blocking keys (none: every pair is a candidate);
    `date_orders`: source -> order of day and month in its dates; `sources`: names, sorted; `record_cnt`:
    records that were profiled.
    """

    comparisons: tuple[str, ...]
    keys: tuple[Key, ...]
    date_orders: dict[str, str]
    sources: tuple[str, ...]
    record_cnt: int

    @property
    def compared(self) -> list[Comparison]:
        """The comparisons themselves, in their fixed order."""
        return named(self.comparisons)


@dataclass(frozen=True)
class Relation:
    """Two persons that have something in common: log2 of their share of all pairs, and of what they share
    how often their records are on each level.
    """

    prior: float
    shares: Shares


@dataclass(frozen=True)
class Weights:
    """What two records can be to each other, and how each kind of pair agrees (`relations`).

    `prior`: log2 of the share of all pairs that are one person. `m` and `u`: shares of the levels among pairs
    of one person and among strangers. `commonness`: log2 of the number of records that share an average
    value, against which a value's own frequency is held (term frequency adjustment). `relations`: kind ->
    what its pairs share. `namesakes`: shares of the levels of e-mail among strangers of one name; empty
    without names or e-mail.
    """

    prior: float
    m: Shares
    u: Shares
    commonness: dict[str, float]
    relations: dict[str, Relation]
    namesakes: list[float]


@dataclass(frozen=True)
class MatchModel:
    """Everything that scoring needs; `to_json` and `from_json` carry it between builds.

    `frequencies`: comparison -> value -> floor(log2(number of records with it)), frozen at training so that a
    pair's weight does not depend on when it is scored; values that are not named count as `rare` bits.
    `notes`: what training found and decided, for people.
    """

    plan: MatchPlan
    weights: Weights
    frequencies: dict[str, dict[str, int]]
    rare: dict[str, int]
    booster: Booster | None = None
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> str:
        """The model as text: sorted keys, equal models give equal text."""
        return json.dumps({"format": FORMAT, **asdict(self)}, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "MatchModel":
        """The model that `to_json` wrote; raises ValueError for a format that this version cannot read."""
        read: dict[str, Any] = json.loads(text)
        if read.get("format") != FORMAT:
            raise ValueError(
                f"match model of format {read.get('format')}, this version reads {FORMAT}: train it again"
            )
        plan = read["plan"]
        return cls(
            plan=MatchPlan(
                comparisons=tuple(plan["comparisons"]),
                keys=tuple(tuple(key) for key in plan["keys"]),
                date_orders=plan["date_orders"],
                sources=tuple(plan["sources"]),
                record_cnt=plan["record_cnt"],
            ),
            weights=_weights(read["weights"]),
            frequencies=read["frequencies"],
            rare=read["rare"],
            booster=Booster(**read["booster"]) if read["booster"] else None,
            notes=tuple(read["notes"]),
        )


def _weights(read: dict[str, Any]) -> Weights:
    relations = {kind: Relation(**relation) for kind, relation in read["relations"].items()}
    return Weights(**{**read, "relations": relations})

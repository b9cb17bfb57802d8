"""The plan (what is compared and blocked) and the trained model, both as plain JSON."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from identity.matching.blocking import Key
from identity.matching.boosting import Booster
from identity.matching.fields import Comparison, named

FORMAT = 1  # raised when an older model can no longer be read


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
class Weights:
    """A Fellegi-Sunter model in bits.

    `prior`: log2 odds that two records drawn at random match. `levels`: comparison -> log2(m/u) of each
    level,
    the level 0 first. `m`: comparison -> share of matching pairs on each level. `commonness`: comparison ->
    log2 of the share of record pairs that agree on an average value, against which a value's own frequency is
    held (term frequency adjustment).
    """

    prior: float
    levels: dict[str, list[float]]
    m: dict[str, list[float]]
    commonness: dict[str, float]


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
            weights=Weights(**read["weights"]),
            frequencies=read["frequencies"],
            rare=read["rare"],
            booster=Booster(**read["booster"]) if read["booster"] else None,
            notes=tuple(read["notes"]),
        )

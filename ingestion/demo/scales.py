"""How big the three worlds are."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Numbers that decide the size of a world; app events follow from people (about 20 for each)."""

    name: str
    people: int
    dealers: int
    campaigns_a_year: int


SCALES = {
    scale.name: scale
    for scale in (
        Scale("tiny", 2_000, 6, 8),
        Scale("demo", 50_000, 120, 16),
        Scale("bench", 1_000_000, 600, 24),
    )
}

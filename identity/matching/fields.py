"""What of a record is compared and how: comparisons, their levels as SQL, the columns they read.

A level is a condition on two prepared records `l` and `r` (DuckDB SQL). Levels stand from the best
agreement down; what meets none is the level 0, a value missing on either side is the level -1. The same
conditions are given to Splink for training and to our own scoring statement.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Comparison(NamedTuple):
    """One comparison: its name, the prepared columns that must not be null, the conditions of its levels.

    `frequency` names the prepared column whose value's frequency says how much an exact agreement proves
    (term frequency adjustment); None where it does not matter.
    """

    name: str
    needs: tuple[str, ...]
    levels: tuple[str, ...]
    frequency: str | None = None

    @property
    def top(self) -> int:
        """The number of the best level; the others are top-1 ... 1, and 0 for no agreement."""
        return len(self.levels)


def _similarity(column: str) -> str:
    return f"jaro_winkler_similarity(l.{column}, r.{column})"


def _typos(column: str, distance: int, least: float = 0.75) -> str:
    """At most so many typing errors. The distance is dear, so the similarity is asked first: six times as fast."""
    return f"({_similarity(column)} >= {least} and damerau_levenshtein(l.{column}, r.{column}) <= {distance})"


def _near(column: str, similarity: float, distance: int = 1, length: int = 4) -> str:
    return (
        f"({_similarity(column)} >= {similarity}"
        f" or (least(length(l.{column}), length(r.{column})) >= {length} and {_typos(column, distance)}))"
    )


def _starts(column: str) -> str:
    return f"(starts_with(l.{column}, r.{column}) or starts_with(r.{column}, l.{column}))"


def _inside(column: str) -> str:
    return (
        f"(least(length(l.{column}), length(r.{column})) >= 4"
        f" and (contains(l.{column}, r.{column}) or contains(r.{column}, l.{column})))"
    )


def _identifier(name: str) -> Comparison:
    return Comparison(name, (name,), (f"l.{name} = r.{name}",))


_BIRTH_PARTS = (
    "(substr(l.birth, 1, 4) = substr(r.birth, 1, 4))::tinyint"
    " + (substr(l.birth, 5, 2) = substr(r.birth, 5, 2))::tinyint"
    " + (substr(l.birth, 7, 2) = substr(r.birth, 7, 2))::tinyint"
)

COMPARISONS = (
    Comparison(
        "given",
        ("given",),
        (
            "l.given = r.given",
            f"{_starts('given')}",
            _near("given", 0.92),
            "(list_contains(l.names, r.given) or list_contains(r.names, l.given))",
            "jaro_winkler_similarity(l.given, r.given) >= 0.8",
        ),
        "given",
    ),
    Comparison(
        "middle",
        ("middle",),
        ("l.middle = r.middle and length(l.middle) > 1", "left(l.middle, 1) = left(r.middle, 1)"),
    ),
    Comparison(
        "family",
        ("family",),
        (
            "l.family = r.family",
            _near("family", 0.94),
            _inside("family"),
            "(list_contains(l.names, r.family) or list_contains(r.names, l.family))",
            "jaro_winkler_similarity(l.family, r.family) >= 0.82",
        ),
        "family",
    ),
    Comparison(
        "birth",
        ("birth",),
        (
            "l.birth = r.birth",
            _typos("birth", 1),
            "(left(l.birth, 4) = left(r.birth, 4) and substr(l.birth, 5, 2) = substr(r.birth, 7, 2)"
            " and substr(l.birth, 7, 2) = substr(r.birth, 5, 2))",
            f"{_BIRTH_PARTS} >= 2",
            _typos("birth", 2),
            "left(l.birth, 4) = left(r.birth, 4)",
        ),
        "birth",
    ),
    Comparison("gender", ("gender",), ("l.gender = r.gender",)),
    Comparison(
        "national_id",
        ("national_id",),
        (
            "l.national_id = r.national_id",
            _typos("national_id", 1),
            f"(length(l.national_id) >= 7 and {_typos('national_id', 2)})",
        ),
        "national_id",
    ),
    Comparison(
        "email",
        ("email",),
        (
            "l.email = r.email",
            "split_part(l.email, '@', 1) = split_part(r.email, '@', 1)",
            "jaro_winkler_similarity(l.email, r.email) >= 0.92",
            "jaro_winkler_similarity(split_part(l.email, '@', 1), split_part(r.email, '@', 1)) >= 0.85",
        ),
        "email",
    ),
    Comparison(
        "phone",
        ("phone",),
        ("l.phone = r.phone", _typos("phone", 1)),
        "phone",
    ),
    Comparison(
        "address",
        ("address",),
        (
            "l.address = r.address",
            f"(l.house = r.house and {_near('road', 0.9, distance=2, length=6)})",
            "(l.road = r.road and damerau_levenshtein(l.house, r.house) <= 1)",
            "l.road = r.road",
            f"({_near('address', 0.92, distance=2, length=8)} or l.house = r.house)",
        ),
        "address",
    ),
    Comparison(
        "postal_code",
        ("postal_code",),
        (
            "l.postal_code = r.postal_code",
            _typos("postal_code", 1, least=0.6),
            "left(l.postal_code, 3) = left(r.postal_code, 3)",
        ),
        "postal_code",
    ),
    Comparison("city", ("city",), ("l.city = r.city", _near("city", 0.88, distance=2, length=6)), "city"),
    Comparison("region", ("region",), ("l.region = r.region",)),
    Comparison(
        "organisation",
        ("organisation",),
        (
            "l.organisation = r.organisation",
            "(length(list_intersect(l.words, r.words)) = least(length(l.words), length(r.words))"
            " and least(length(l.words), length(r.words)) >= 2)",
            _near("organisation", 0.94, distance=2, length=8),
            "jaccard(l.organisation, r.organisation) >= 0.9",
            "length(list_intersect(l.words, r.words)) * 2 >= greatest(length(l.words), length(r.words))",
            "(length(list_intersect(l.words, r.words)) >= 1"
            " or jaro_winkler_similarity(l.organisation, r.organisation) >= 0.8)",
        ),
        "organisation",
    ),
    *(_identifier(name) for name in ("device_id", "vin", "crm_id", "app_user_id")),
)

BY_NAME = {comparison.name: comparison for comparison in COMPARISONS}


def level_sql(comparison: Comparison) -> str:
    """The level of a comparison as a TINYINT expression over `l` and `r`."""
    nulls = " or ".join(f"l.{column} is null or r.{column} is null" for column in comparison.needs)
    whens = " ".join(
        f"when {condition} then {comparison.top - i}" for i, condition in enumerate(comparison.levels)
    )
    return f"(case when {nulls} then -1 {whens} else 0 end)::tinyint"


def named(names: Iterable[str]) -> list[Comparison]:
    """The comparisons of these names, in the fixed order of COMPARISONS."""
    wanted = set(names)
    return [comparison for comparison in COMPARISONS if comparison.name in wanted]

"""What of a record is compared and how: comparisons, their levels as SQL, the columns they read.

A level is a condition on two prepared records `l` and `r` (DuckDB SQL). Levels stand from the best agreement
down; what meets none is the level 0, a value missing on either side is the level -1. The same conditions are
given to Splink for training and to our own scoring statement.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Level(NamedTuple):
    """One degree of agreement: in words, and as a condition."""

    label: str
    condition: str


class Comparison(NamedTuple):
    """One comparison: its name, the prepared columns that must not be null, its levels.

    `frequency` names the prepared column whose value's frequency says how much an agreement on the best level
    proves (term frequency adjustment); None where it does not matter.
    """

    name: str
    needs: tuple[str, ...]
    levels: tuple[Level, ...]
    frequency: str | None = None

    @property
    def top(self) -> int:
        """The number of the best level; the others are top-1 ... 1, and 0 for no agreement."""
        return len(self.levels)

    @property
    def whole(self) -> str | None:
        """The column that is equal on the best level, where that is all that the level asks."""
        column = self.needs[0]
        return column if self.levels[0].condition == f"l.{column} = r.{column}" else None

    def label(self, level: int) -> str:
        """A level in words."""
        if level < 0:
            return "missing"
        return self.levels[self.top - level].label if level else "different"


def _similar(column: str, least: float) -> str:
    return f"jaro_winkler_similarity(l.{column}, r.{column}, {least}) >= {least}"


def _typos(column: str, distance: int) -> str:
    """At most so many typing errors, a swap of neighbours counted as one.

    That distance is dear, so the lengths are asked first, then the plain distance: at most twice as large,
    and six times as fast.
    """
    pair = f"l.{column}, r.{column}"
    return (
        f"(abs(length(l.{column}) - length(r.{column})) <= {distance}"
        f" and levenshtein({pair}) <= {2 * distance} and damerau_levenshtein({pair}) <= {distance})"
    )


def _near(column: str, similarity: float, distance: int = 1, length: int = 4) -> str:
    """Similar, or few typing errors in a word that is long enough: at these lengths words with so few are
    never less similar than 0.75, which is quicker to see.
    """
    return (
        f"({_similar(column, similarity)} or ({_similar(column, 0.75)}"
        f" and least(length(l.{column}), length(r.{column})) >= {length} and {_typos(column, distance)}))"
    )


def _starts(column: str) -> str:
    return f"(starts_with(l.{column}, r.{column}) or starts_with(r.{column}, l.{column}))"


def _ends(column: str) -> str:
    return f"(ends_with(l.{column}, r.{column}) or ends_with(r.{column}, l.{column}))"


def _inside(column: str) -> str:
    return (
        f"(least(length(l.{column}), length(r.{column})) >= 4"
        f" and (contains(l.{column}, r.{column}) or contains(r.{column}, l.{column})))"
    )


def _elsewhere(column: str, other: str) -> str:
    """In the other name field, or a middle name.

    Asked from one side only, else one coincidence would count for both fields; and not where the other field
    agrees by itself, else Thomas Thomas would be Thomas Roth.
    """
    swapped = f"l.{column} = r.{other} and l.{other} is distinct from r.{other}"
    return f"({swapped} or l.{column} = r.middle or r.{column} = l.middle)"


def _same(column: str) -> Level:
    return Level("same", f"l.{column} = r.{column}")


def _identifier(name: str) -> Comparison:
    return Comparison(name, (name,), (_same(name),))


_BIRTH_PARTS = (
    "(left(l.birth, 4) = left(r.birth, 4))::tinyint"
    " + (substr(l.birth, 5, 2) = substr(r.birth, 5, 2))::tinyint"
    " + (right(l.birth, 2) = right(r.birth, 2))::tinyint"
)
_LONG_PHONE = "least(length(l.phone), length(r.phone)) >= 6"  # without the area code
_LONG_ROAD = "least(length(l.road), length(r.road)) >= 5"
_COMMON_WORDS = "length(list_intersect(l.words, r.words))"

COMPARISONS = (
    Comparison(
        "given",
        ("given",),
        (
            _same("given"),
            Level("one begins the other", _starts("given")),
            Level("a typing error", _near("given", 0.92)),
            Level("in another name field", _elsewhere("given", "family")),
            Level("similar", _similar("given", 0.8)),
        ),
        "given",
    ),
    Comparison(
        "middle",
        ("middle",),
        (
            Level("same", "l.middle = r.middle and length(l.middle) > 1"),
            Level("same initial", "left(l.middle, 1) = left(r.middle, 1)"),
        ),
    ),
    Comparison(
        "family",
        ("family",),
        (
            _same("family"),
            Level("a typing error", _near("family", 0.94)),
            Level("one inside the other", _inside("family")),
            Level("in another name field", _elsewhere("family", "given")),
            Level("similar", _similar("family", 0.82)),
        ),
        "family",
    ),
    Comparison(
        "birth",
        ("birth",),
        (
            _same("birth"),
            Level("a typing error", f"({_BIRTH_PARTS} >= 1 and {_typos('birth', 1)})"),
            Level(
                "day and month swapped",
                "(left(l.birth, 4) = left(r.birth, 4) and substr(l.birth, 5, 2) = right(r.birth, 2)"
                " and right(l.birth, 2) = substr(r.birth, 5, 2))",
            ),
            Level("two parts of three", f"{_BIRTH_PARTS} >= 2"),
            Level("two typing errors", f"({_BIRTH_PARTS} >= 1 and {_typos('birth', 2)})"),
            Level("same year", "left(l.birth, 4) = left(r.birth, 4)"),
        ),
        "birth",
    ),
    Comparison("gender", ("gender",), (_same("gender"),)),
    Comparison(
        "national_id",
        ("national_id",),
        (
            _same("national_id"),
            Level("a typing error", _typos("national_id", 1)),
            Level("two typing errors", f"(length(l.national_id) >= 7 and {_typos('national_id', 2)})"),
        ),
        "national_id",
    ),
    Comparison(
        "email",
        ("email",),
        (
            _same("email"),
            Level("same before the @", "split_part(l.email, '@', 1) = split_part(r.email, '@', 1)"),
            Level("a typing error", _similar("email", 0.92)),
            Level(
                "similar before the @",
                "jaro_winkler_similarity(split_part(l.email, '@', 1), split_part(r.email, '@', 1)) >= 0.85",
            ),
        ),
        "email",
    ),
    Comparison(
        "phone",
        ("phone",),
        (
            _same("phone"),
            Level("one ends the other", f"({_LONG_PHONE} and {_ends('phone')})"),
            Level("a typing error", _typos("phone", 1)),
        ),
        "phone",
    ),
    Comparison(
        "address",
        ("address",),
        (
            _same("address"),
            Level(
                "same number, similar road",
                f"(l.house = r.house"
                f" and ({_near('road', 0.9, 2, 6)} or ({_LONG_ROAD} and {_starts('road')})))",
            ),
            Level("same road, similar number", f"(l.road = r.road and {_typos('house', 1)})"),
            Level("same road", "l.road = r.road"),
            Level("similar, or same number", f"({_near('address', 0.92, 2, 8)} or l.house = r.house)"),
        ),
        "address",
    ),
    Comparison(
        "postal_code",
        ("postal_code",),
        (
            _same("postal_code"),
            Level("a typing error", _typos("postal_code", 1)),
            Level("same area", "left(l.postal_code, 3) = left(r.postal_code, 3)"),
        ),
        "postal_code",
    ),
    Comparison(
        "city", ("city",), (_same("city"), Level("a typing error", _near("city", 0.88, 2, 6))), "city"
    ),
    Comparison("region", ("region",), (_same("region"),)),
    Comparison(
        "organisation",
        ("organisation",),
        (
            _same("organisation"),
            Level(
                "the words of one in the other",
                f"({_COMMON_WORDS} = least(length(l.words), length(r.words))"
                " and least(length(l.words), length(r.words)) >= 2)",
            ),
            Level("a typing error", _near("organisation", 0.94, 2, 8)),
            Level("nearly the same letters", "jaccard(l.organisation, r.organisation) >= 0.9"),
            Level("half of the words", f"{_COMMON_WORDS} * 2 >= greatest(length(l.words), length(r.words))"),
            Level("a word", f"({_COMMON_WORDS} >= 1 or {_similar('organisation', 0.8)})"),
        ),
        "organisation",
    ),
    *(_identifier(name) for name in ("device_id", "vin", "crm_id", "app_user_id")),
)


def level_sql(comparison: Comparison) -> str:
    """The level of a comparison as a TINYINT expression over `l` and `r`."""
    nulls = " or ".join(f"l.{column} is null or r.{column} is null" for column in comparison.needs)
    whens = [f"when {level.condition} then {comparison.top - i}" for i, level in enumerate(comparison.levels)]
    return f"(case when {nulls} then -1 {' '.join(whens)} else 0 end)::tinyint"


def named(names: Iterable[str]) -> list[Comparison]:
    """The comparisons of these names, in the fixed order of COMPARISONS."""
    wanted = set(names)
    return [comparison for comparison in COMPARISONS if comparison.name in wanted]

"""The naming standard of the warehouse: what a column's name says about its type, and the other way round.

| ending | type | meaning |
|---|---|---|
| `_at` | timestamp with time zone | an instant |
| `_on` | date | a day on the business calendar |
| `_from`, `_to`, `_since`, `_until` | either of them | a bound of a time span |
| `is_`, `has_` ... | boolean | a question that yes or no answers |
| `_cnt`, `_qty` | whole number (`_qty` also decimal) | how many, how much |
| `_amt` | decimal | money |
| `_rate` | double or decimal | numerator over denominator |
| `_id`, `_code`, `_key` | text, or the source's own number | what identifies |
| `_no` | whole number, or the source's own text | a number that is counted or given |

Columns of the cubes are dimensions and indicator codes, which have a standard and a checker of their own.
"""

import re

WHOLE = {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER"}
KEY = {"VARCHAR", "BIGINT", "INTEGER"}
INSTANT, DAY, YES_NO = "TIMESTAMP WITH TIME ZONE", "DATE", "BOOLEAN"
BOUNDS = ("_from", "_to", "_since", "_until")
QUESTION = re.compile(r"^(is|has|was|can|may|does)_")
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

# Registered exceptions, each with its reason. A column that no longer exists must leave the list.
EXCEPTIONS = {
    "birth_date": "the word of every form and law; a day of birth is no event of the business",
    "stat_date": "the statistical date, as the method and the cubes call it",
    "date_day": "the key of dim_date, called as in every date dimension",
    "target_cnt": "a plan for a part of a month is a fraction of a car",
    "age_no": "an order over all records from three numbers of 64 bits, used in the build only",
}


# Tables whose columns are called after something else, each with its reason.
EXCEPTED_TABLES = {
    "id_scored_pair": "a level for each comparison of the match model, called like what is compared",
}


def problem(column: str, kind: str) -> str | None:
    """What the standard has against a column of this name and type; None where it is right or registered."""
    if column in EXCEPTIONS:
        return None
    if not SNAKE.fullmatch(column):
        return "is not lower-case snake case"
    return _about_time(column, kind) or _about_answers(column, kind) or _about_numbers(column, kind)


def _about_time(column: str, kind: str) -> str | None:
    if kind == "TIMESTAMP":
        return "is an instant without its time zone"
    for type_, ending in ((INSTANT, "_at"), (DAY, "_on")):
        if kind == type_ and not column.endswith((ending, *BOUNDS)):
            return f"is a {type_.lower()} and does not end in {ending}"
        if column.endswith(ending) and kind != type_:
            return f"ends in {ending} and is a {kind.lower()}"
    return None


def _about_answers(column: str, kind: str) -> str | None:
    asks = bool(QUESTION.match(column))
    if kind == YES_NO and not asks:
        return "is a boolean and asks nothing (is_, has_)"
    if asks and kind != YES_NO and not column.endswith(("_cnt", "_at", "_on")):
        return f"asks a question and is a {kind.lower()}"
    return None


def _about_numbers(column: str, kind: str) -> str | None:
    is_decimal = kind.startswith("DECIMAL")
    allowed = {
        "_cnt": kind in WHOLE,
        "_qty": kind in WHOLE or is_decimal,
        "_amt": is_decimal,
        "_rate": is_decimal or kind == "DOUBLE",
        "_id": kind in KEY,
        "_code": kind in KEY,
        "_key": kind in KEY,
        "_no": kind in KEY,
    }
    for ending, is_right in allowed.items():
        if column.endswith(ending) and not is_right:
            return f"ends in {ending} and is a {kind.lower()}"
    if is_decimal and not column.endswith(("_amt", "_qty", "_rate")):
        return "is a decimal and says neither _amt nor _qty nor _rate"
    return None

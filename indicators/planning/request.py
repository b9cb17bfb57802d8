"""What may be asked of the planner, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

GRAINS = ("day", "week", "month", "quarter", "year")
PREVIOUS = "previous"  # the compare that takes as many days as are asked for, right before them
MAX_DIMENSIONS = 3
RATIO, POINT = "ratio", "point"  # the units of what differs in points: of a ratio they are percentage points


class PlanError(ValueError):
    """The request has no right answer; the message says why and what to ask instead.

    Fields of the request stand in it between backticks, for those who call them otherwise: see `worded`.
    """


def worded(message: str, names: Mapping[str, str]) -> str:
    """A message of the planner with other names for the request's fields, as `--from` for `date_from`."""
    return re.sub(r"`(\w+)`", lambda found: f"`{names.get(found[1], found[1])}`", message)


@dataclass(frozen=True)
class Request:
    """What somebody wants to know.

    `by` (up to three) and the keys of `where` name dimensions; a `where` value may be a list, and None
    asks for rows where the dimension is not known. An atomic or composite code is counted from `date_from` to
    `date_to` (both inclusive, open where None), cut by `grain`, and set against another period by `compare`
    (dod, wow, mom, qoq, yoy, `previous`; with `_pp` for rates and points). A derived code carries its own
    period and comparison; the period ends on `date_to`, or on every `grain`'s last day from `date_from` on;
    `as_of`, the latest day of the data, stands for a missing `date_to`. `with_total` adds the value of the
    whole, computed and never summed up from the rows. Which cohorts are mature is not asked: the snapshot's
    `srv_as_of` decides, for every reader alike.
    """

    code: str
    by: Sequence[str] = ()
    date_from: date | None = None
    date_to: date | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    grain: str | None = None
    as_of: date | None = None
    compare: str | None = None
    with_total: bool = False


@dataclass(frozen=True)
class Coverage:
    """The days for which a business process has data: `first` and `last`, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True)
class Window:
    """The days `first` to `last` (inclusive) that are counted for the statistical date `on`.

    `slot` is `now`, or `before` for the period that it is compared with.
    """

    on: date
    slot: str
    first: date
    last: date


@dataclass(frozen=True)
class Plan:
    """A query ready to run: SQL with named parameters, its columns in order, the unit of `value`, remarks.

    `columns`: `period` (with a grain), the dimensions by their names, `value`, what it was computed from
    (operands, or `value_now` and `value_before`), `n` for a median or percentile (how many values were
    ranked), `is_mature` for a cohort indicator (false where younger cohorts were left out) and `is_total`
    with a total. `base` and `modifiers` are what the code came down to, `tables` what is read, `windows` the
    days that are counted (none for an open period or a plain series). `youngest` is the youngest mature
    cohort, where cohorts mature and it is known how far the data reach.
    """

    sql: str
    params: dict[str, Any]
    columns: tuple[str, ...]
    unit: str
    note: str
    base: str
    modifiers: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    youngest: date | None = None

"""Time: instants are whole seconds since 1970 in UTC, days are whole days; NONE means that it never
happened.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

DAY = 86_400
HOUR = 3_600
NONE = np.iinfo(np.int64).min
EPOCH = date(1970, 1, 1)
OPENS, CLOSES = 9 * HOUR, 18 * HOUR
# New-car interest in Germany: March and September to November strong, summer and late December weak.
MONTH_WEIGHT = np.array([0.92, 0.96, 1.12, 1.04, 1.02, 1.04, 0.93, 0.86, 1.06, 1.10, 1.06, 0.86])


@dataclass(frozen=True)
class Period:
    """The months that the world covers: from `first_day` to `last_day` (the as-of date), both included."""

    first_day: int
    last_day: int

    @property
    def start(self) -> int:
        """First instant, local midnight."""
        return int(from_local(np.array([self.first_day * DAY]))[0])

    @property
    def end(self) -> int:
        """First instant after the period, local midnight."""
        return int(from_local(np.array([(self.last_day + 1) * DAY]))[0])

    @property
    def days(self) -> np.ndarray:
        """Every day of the period."""
        return np.arange(self.first_day, self.last_day + 1)

    @property
    def months(self) -> np.ndarray:
        """Every month that the period touches, as months since 1970-01."""
        first, last = months_of(np.array([self.first_day, self.last_day]))
        return np.arange(first, last + 1)


def period_ending(as_of: date, months: int = 36) -> Period:
    """Return the period of whole months that ends with `as_of`."""
    after = as_of + timedelta(days=1)
    years, month = divmod(after.year * 12 + after.month - 1 - months, 12)
    first = date(years, month + 1, min(after.day, 28))
    return Period((first - EPOCH).days, (as_of - EPOCH).days)


def months_of(days: np.ndarray) -> np.ndarray:
    """Return months since 1970-01 of days."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def weekday(days: np.ndarray) -> np.ndarray:
    """Return 0 for Monday to 6 for Sunday (1970-01-01 was a Thursday)."""
    return (days + 3) % 7


def _summer_bounds(year: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the instants when summer time starts and ends: the last Sundays of March and October, 01:00
    UTC.
    """
    bounds = []
    for month in (4, 11):
        months = (year - 1970) * 12 + month - 1
        last = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1
        bounds.append((last - (weekday(last) + 1) % 7) * DAY + HOUR)
    return bounds[0], bounds[1]


def offset(instants: np.ndarray) -> np.ndarray:
    """Return the seconds by which Berlin is ahead of UTC. The European rule of 1996; numpy has no time
    zones.
    """
    year = instants.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    starts, ends = _summer_bounds(year)
    return np.where((instants >= starts) & (instants < ends), 2 * HOUR, HOUR)


def to_local(instants: np.ndarray) -> np.ndarray:
    """Return Berlin's wall clock as seconds since 1970."""
    return instants + offset(instants)


def from_local(wall: np.ndarray) -> np.ndarray:
    """Return the instant of a wall clock; in the hour that comes twice, the later one."""
    return wall - offset(wall - HOUR)


def local_day(instants: np.ndarray) -> np.ndarray:
    """Return the Berlin day of instants; NONE stays NONE."""
    safe = np.where(instants == NONE, 0, instants)
    return np.where(instants == NONE, NONE, to_local(safe) // DAY)


def business_time(instants: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move instants outside Monday to Saturday, 9 to 18 o'clock, to the first two hours of the next
    opening.
    """
    wall = to_local(instants)
    day, second = wall // DAY, wall % DAY
    late = second >= CLOSES
    day = day + late
    sunday = weekday(day) == 6
    day = day + sunday
    early = late | sunday | (second < OPENS)
    second = np.where(early, OPENS + rng.integers(0, 2 * HOUR, len(wall)), second)
    return from_local(day * DAY + second)


def showroom_time(days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return instants in opening hours of local days (Sunday becomes Monday), busiest in the afternoon."""
    days = days + (weekday(days) == 6)
    share = rng.beta(2.2, 1.8, len(days))
    return from_local(days * DAY + OPENS + (share * (CLOSES - OPENS - HOUR)).astype(np.int64))


def random_days(
    rng: np.random.Generator, period: Period, size: int, by_weekday: list[float], growth: float
) -> np.ndarray:
    """Return local days of the period by season, weekday (Monday first) and a linear growth over the
    whole period.
    """
    days = period.days
    month = months_of(days) % 12
    weight = (
        MONTH_WEIGHT[month] * np.array(by_weekday)[weekday(days)] * np.linspace(1.0, 1.0 + growth, len(days))
    )
    edges = np.cumsum(weight)
    return days[np.minimum(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"), len(days) - 1)]


def online_time(days: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return instants of local days as people are online: a low at night, a peak in the evening."""
    evening = rng.random(len(days)) < 0.55
    second = np.where(evening, rng.normal(19.5, 1.9, len(days)), rng.normal(12.0, 3.2, len(days))) * HOUR
    return from_local(days * DAY + np.clip(second, 4 * HOUR, DAY - 60).astype(np.int64))


def _nullable(values: np.ndarray, kind: pa.DataType) -> pa.Array:
    missing = values == NONE
    return pa.array(np.where(missing, 0, values), mask=missing, type=pa.int64()).cast(kind)


def timestamps(instants: np.ndarray) -> pa.Array:
    """Return instants as Arrow timestamps in UTC."""
    return _nullable(instants, pa.int64()).cast(pa.timestamp("s", "UTC")).cast(pa.timestamp("us", "UTC"))


def dates(days: np.ndarray) -> pa.Array:
    """Return days as Arrow dates."""
    return _nullable(days, pa.int64()).cast(pa.int32()).cast(pa.date32())


def _wall_text(wall: np.ndarray) -> pa.Array:
    return _nullable(wall, pa.timestamp("s")).cast(pa.string())


def rfc3339_utc(instants: np.ndarray) -> pa.Array:
    """Return text like 2026-01-31T09:30:00Z."""
    text = pc.binary_replace_slice(_wall_text(instants), 10, 11, "T")
    return pc.binary_join_element_wise(text, "Z", "")


def rfc3339_berlin(instants: np.ndarray) -> pa.Array:
    """Return text like 2026-01-31T10:30:00+01:00."""
    safe = np.where(instants == NONE, 0, instants)
    ahead = offset(safe)
    text = pc.binary_replace_slice(_wall_text(np.where(instants == NONE, NONE, safe + ahead)), 10, 11, "T")
    zone = pa.array(["+01:00", "+02:00"]).take(pa.array(ahead // HOUR - 1))
    return pc.binary_join_element_wise(text, zone, "")


def local_text(instants: np.ndarray) -> pa.Array:
    """Return text like 2026-01-31 10:30:00 by Berlin's wall clock, without a zone."""
    safe = np.where(instants == NONE, 0, instants)
    return _wall_text(np.where(instants == NONE, NONE, to_local(safe)))


def iso_date(days: np.ndarray) -> pa.Array:
    """Return text like 2026-01-31."""
    return dates(days).cast(pa.string())


def german_date(days: np.ndarray) -> pa.Array:
    """Return text like 31.01.2026."""
    text = iso_date(days)
    part = pc.utf8_slice_codeunits
    return pc.binary_join_element_wise(part(text, 8, 10), part(text, 5, 7), part(text, 0, 4), ".")


def month_text(months: np.ndarray) -> pa.Array:
    """Return text like 2026-01 of months since 1970-01."""
    return pa.array(np.asarray(months).astype("datetime64[M]").astype(str))

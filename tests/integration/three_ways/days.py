"""Which days a request counts, written from the words of the standard alone (not from `indicators.periods`).

A window is (label, slot, first, last). A period to date or a natural one is thought of as calendar units
counted from a fixed one, a rolling one as a number of days.
"""

import calendar
from datetime import date, timedelta

DAY = timedelta(days=1)
MONTHS = {"m": 1, "q": 3, "y": 12}
BACK = {"mom": 1, "qoq": 3, "yoy": 12}
WEEKS = {"wow": 1, "mom": 4, "qoq": 13, "yoy": 52}
Window = tuple[date | None, str, date, date]


def month_length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def months_back(day: date, count: int) -> date:
    year, month = day.year, day.month
    for _ in range(count):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return date(year, month, min(day.day, month_length(year, month)))


def unit_start(unit: str, day: date) -> date:
    while not is_start(unit, day):
        day -= DAY
    return day


def is_start(unit: str, day: date) -> bool:
    if unit == "d":
        return True
    if unit == "w":
        return day.isoweekday() == 1
    return day.day == 1 and (day.month - 1) % MONTHS[unit] == 0


def whole_months(first: date, last: date) -> tuple[date, date]:
    """The whole months that lie in a range."""
    while not is_start("m", first):
        first += DAY
    while not is_start("m", last + DAY):
        last -= DAY
    return first, last


def unit_end(unit: str, day: date) -> date:
    while not is_start(unit, day + DAY):
        day += DAY
    return day


def of_period(period: str, on: date) -> tuple[date, date]:
    """The days of a period on a statistical date."""
    if period == "td":
        return date(1900, 1, 1), on
    if period in ("wtd", "mtd", "qtd", "ytd"):
        return unit_start(period[0], on), on
    if period[-1] == "d":
        return on - int(period[:-1]) * DAY + DAY, on
    end = on if is_start(period[-1], on + DAY) else unit_start(period[-1], on) - DAY
    return unit_start(period[-1], end), end


def back(compare: str, first: date, last: date, weekly: bool = False) -> tuple[date, date]:
    """The days `first` to `last`, moved; a range of whole months stays one, and one that ends on a day which
    the other month lacks stays as long, unless it begins with its month.
    """
    if compare == "previous":
        count = (last - first).days + 1
        return first - count * DAY, last - count * DAY
    if weekly:
        return first - 7 * WEEKS[compare] * DAY, last - 7 * WEEKS[compare] * DAY
    if compare in ("dod", "wow"):
        count = 1 if compare == "dod" else 7
        return first - count * DAY, last - count * DAY
    start, end = months_back(first, BACK[compare]), months_back(last, BACK[compare])
    if first.day == 1 and last.day == month_length(last.year, last.month):
        end = date(end.year, end.month, month_length(end.year, end.month))
    lacks_the_day = last.day > month_length(end.year, end.month)
    if lacks_the_day and not is_start("m", first):
        start = end - (last - first)
    return start, end


def before(period: str, compare: str, on: date, until: date) -> tuple[date, date, date]:
    """What a derived code's period is compared with: first and last day, and the last that counts where only
    the days up to `until` count now.
    """
    first, last = of_period(period, on)
    if period == "td":
        end = back(compare, last, last)[1]
        return first, end, end
    if period[-1] == "d" and period[0].isdigit():
        end = back(compare, last, last)[1]
        start = end - (last - first)
        return start, end, start + (until - first)
    weekly = "w" in period
    start, end = back(compare, first, last, weekly)
    return start, end, end if until == last else back(compare, first, until, weekly)[1]


def series_lines_up(grain: str, compare: str) -> bool:
    """Is a part of a series no longer than what it is moved by?"""
    longest = {"dod": "day", "wow": "week", "mom": "month", "qoq": "quarter", "yoy": "year"}
    order = ["day", "week", "month", "quarter", "year"]
    return compare not in longest or order.index(grain) <= order.index(longest[compare])


def parts(grain: str, first: date, last: date) -> list[tuple[date, date, date]]:
    """A range cut by a grain: (first day of the whole part, first and last day inside the range)."""
    found, day = [], first
    while day <= last:
        end = min(unit_end(grain[0], day), last)
        found.append((unit_start(grain[0], day), day, end))
        day = end + DAY
    return found


def clipped(windows: list[Window], begin: date, end: date) -> list[Window]:
    """The windows' days from `begin` to `end`, those that have some."""
    cut = [(label, slot, max(first, begin), min(last, end)) for label, slot, first, last in windows]
    return [window for window in cut if window[2] <= window[3]]

"""Random requests: every written code; cuts, filters, periods, grains, comparisons, totals."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from indicators import periods
from indicators.planner import Request
from indicators.registry import Registry
from tests.integration.three_ways.days import unit_end, unit_start
from tests.integration.three_ways.oracle import Oracle

GRAINS = {"day": 12, "week": 60, "month": 250, "quarter": 500, "year": 900}  # and how many days to ask for
COMPARES = ["wow", "mom", "qoq", "yoy", "previous"]


def generate(registry: Registry, oracle: Oracle, count: int, seed: int) -> Iterator[Request]:
    """`count` requests that the planner should be able to answer; every written code is among them."""
    dice = random.Random(seed)
    written = [*registry.bases, *registry.named]
    derived = list(registry.derived)
    for number in range(count):
        if number < len(written):
            code = written[number]
        else:
            code = dice.choice(written) if dice.random() < 0.5 else dice.choice(derived)
        yield _request(registry, oracle, code, dice)


def _request(registry: Registry, oracle: Oracle, code: str, dice: random.Random) -> Request:
    base, period, _, compare = oracle.taken_apart(code)
    operands = oracle.operands(base)
    begin, end = oracle.covered(operands)
    ways = registry.reachable(base)
    by = tuple(dice.sample(ways, min(len(ways), dice.choice([0, 0, 1, 1, 1, 2, 2, 3]))))
    where = {name: _values(oracle, operands[0], name, dice) for name in _some(ways, dice)}
    span = max((end - begin).days, 1)
    grain = dice.choice([None, None, None, *GRAINS])
    last = end - timedelta(days=dice.choice([0, 0, dice.randrange(span), dice.randrange(min(span, 400))]))
    first = last - timedelta(days=dice.randrange(GRAINS[grain] if grain else span))
    if not period:
        if not grain and dice.random() < 0.2:
            first = None
        if dice.random() < 0.1:
            last = None
        if _is_cut_to_the_data(registry, base) and dice.random() < 0.4:
            first = begin - timedelta(days=dice.randrange(1, 40))
        if last and _is_cut_to_the_data(registry, base) and dice.random() < 0.4:
            last = end + timedelta(days=dice.randrange(1, 40))
        if first and dice.random() < 0.25:
            compare = dice.choice(COMPARES)
    if period and not grain:
        first = None
        last = dice.choice([last, last, None])
    if oracle.whole_months(base) and not period and dice.random() < 0.7:
        first, last = first and unit_start("m", first), last and unit_end("m", last)
    asks_compare = compare if not period else None
    if period and not compare and dice.random() < 0.25:
        fits = [name for name in ("wow", "mom", "qoq", "yoy") if periods.lines_up(period, name)]
        asks_compare = dice.choice(fits) if fits else None
    if asks_compare and registry.unit(base) == "ratio" and dice.random() < 0.5:
        asks_compare += "_pp"
    return Request(
        code, by=by, date_from=first, date_to=last, where=where, grain=grain, as_of=end,
        compare=asks_compare, with_total=dice.random() < 0.3,
    )  # fmt: skip


def _is_cut_to_the_data(registry: Registry, base: str) -> bool:
    """Does it matter that days without data are asked for?"""
    read = {registry.process_of[code].process for code in registry.operands(base)}
    return len(read) > 1 or registry.uses_days(base)


def _some(ways: list[str], dice: random.Random) -> list[str]:
    return dice.sample(ways, min(len(ways), dice.choice([0, 0, 0, 1, 1, 2])))


def _values(oracle: Oracle, code: str, name: str, dice: random.Random) -> Any:
    """One value, several, or rows where it is not known."""
    frame = oracle.facts.frame(oracle.facts.atomics[code]["process"])
    known = sorted({value for value in frame[name] if value is not None}, key=str)
    if not known:
        return None
    if dice.random() < 0.5:
        return dice.choice(known)
    return [
        *dice.sample(known, min(len(known), dice.choice([1, 2, 3]))),
        *([None] if dice.random() < 0.3 else []),
    ]

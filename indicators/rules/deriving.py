"""Rules about what is generated: periods, modifiers, compares, and named derived indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from indicators import periods
from indicators.codes import POINTS
from indicators.fitting import unfit_for_snapshots, unfit_for_whole_months
from indicators.models import Derived, Process
from indicators.registry import Registry
from indicators.rules.base import At, rule
from indicators.rules.naming import MAX_CODE


def _entries(registry: Registry) -> Iterator[tuple[Process, Derived]]:
    for process in registry.all_processes:
        for entry in process.derived:
            yield process, entry


@rule("D01", "correct the code, or define the indicator first")
def derived_from_known(registry: Registry) -> Iterator[At]:
    """Indicators are derived from atomic and composite codes that exist."""
    for _, entry in _entries(registry):
        for code in entry.of:
            if code not in registry.bases:
                yield At(entry.origin, f"'{code}' does not exist")


@rule("D02", "use a registered period")
def period_is_registered(registry: Registry) -> Iterator[At]:
    """Every period is registered."""
    for _, entry in _entries(registry):
        for period in entry.periods:
            if period not in registry.standard.periods:
                yield At(entry.origin, f"the period '{period}' is not registered")


@rule("D03", "use a registered compare, with _pp for a difference in points")
def compare_is_registered(registry: Registry) -> Iterator[At]:
    """Every compare is registered."""
    for _, entry in _entries(registry):
        for compare in entry.compare:
            if compare.removesuffix(POINTS) not in registry.standard.compares:
                yield At(entry.origin, f"the compare '{compare}' is not registered")


@rule("D04", "compare counts and amounts relatively, without _pp")
def points_are_of_ratios(registry: Registry) -> Iterator[At]:
    """A difference in percentage points is one of dimensionless ratios."""
    for _, entry in _entries(registry):
        for code in entry.of:
            base = registry.bases.get(code)
            if base and base.unit != "ratio" and any(name.endswith(POINTS) for name in entry.compare):
                yield At(entry.origin, f"'{code}' is in {base.unit}: it has no percentage points")


@rule("D05", "define it under `modifiers` of every process that the indicator reads")
def modifier_is_defined(registry: Registry) -> Iterator[At]:
    """A modifier is defined in every process that the indicator is read from."""
    for _, entry in _entries(registry):
        for name in entry.modifiers:
            for code in entry.of:
                missing = sorted({p.process for p in _read(registry, code) if name not in p.modifiers})
                if missing:
                    yield At(
                        entry.origin,
                        f"the modifier '{name}' of '{code}' is not defined in {', '.join(missing)}",
                    )


def _read(registry: Registry, code: str) -> list[Process]:
    """The processes that a code is read from, as far as they are known."""
    if code in registry.computable:
        return [registry.process_of[operand] for operand in registry.operands(code)]
    return [registry.process_of[code]] if code in registry.composites else []


@rule("D06", "shorten the base code or the modifier")
def generated_code_is_short(registry: Registry) -> Iterator[At]:
    """A generated code has at most 64 characters."""
    long: dict[int, tuple[Derived, str]] = {}
    for entry, text, _ in registry.generated:
        if len(text) > MAX_CODE:
            long.setdefault(id(entry), (entry, text))
    for entry, text in long.values():
        yield At(entry.origin, f"'{text}' has {len(text)} characters")


@rule("D07", "leave it in one of the entries")
def generated_once(registry: Registry) -> Iterator[At]:
    """No indicator is generated twice."""
    seen: dict[str, Derived] = {}
    told: set[int] = set()
    for entry, text, _ in registry.generated:
        if text in seen and id(entry) not in told:
            told.add(id(entry))
            yield At(entry.origin, f"'{text}' is generated at {seen[text].origin} already")
        seen.setdefault(text, entry)


@rule("D08", "name a generated code, e.g. app_uv_30d")
def named_is_generated(registry: Registry) -> Iterator[At]:
    """A named indicator is a word for a generated one."""
    for item in registry.named.values():
        if item.of not in registry.derived:
            yield At(item.origin, f"'{item.code}' stands for '{item.of}', which is not generated")


@rule("D09", "take another name: it could not be told from a period or a compare")
def modifier_is_no_period(registry: Registry) -> Iterator[At]:
    """A modifier is not called like a period, a compare or a root of codes."""
    standard = registry.standard
    taken = {*standard.periods, *standard.compares, *standard.roots.measure, POINTS.strip("_")}
    for process in registry.all_processes:
        for name in process.modifiers:
            if name in taken or "_" in name:
                yield At(process.origin, f"the modifier '{name}' of {process.process} cannot stand in a code")


@rule("D10", "compare it with the same period before: a month with a month, a quarter with a year before")
def compare_lines_up(registry: Registry) -> Iterator[At]:
    """Every compare of an entry lines up with one of its periods, and every entry generates something."""
    for _, entry in _entries(registry):
        known = [period for period in entry.periods if period in registry.standard.periods]
        for compare in entry.compare:
            name = compare.removesuffix(POINTS)
            if name not in registry.standard.compares:
                continue  # D03 says so
            if known and not any(periods.lines_up(period, name) for period in known):
                yield At(entry.origin, f"no period of {', '.join(known)} lines up with '{compare}'")


@rule("D11", "take periods that hold a whole snapshot, e.g. 1m for a snapshot of each month")
def period_holds_a_snapshot(registry: Registry) -> Iterator[At]:
    """A period of a snapshot always holds one of its dates."""
    yield from _unfit(registry, unfit_for_snapshots)


@rule("D16", "take 1m, 1q or 1y")
def period_is_whole_months(registry: Registry) -> Iterator[At]:
    """What means something over whole months only is derived with periods of whole months."""
    yield from _unfit(registry, unfit_for_whole_months)


def _unfit(registry: Registry, why: Callable[[Registry, str, str], str | None]) -> Iterator[At]:
    for _, entry in _entries(registry):
        for code in entry.of:
            if code in registry.computable:
                said = [text for period in entry.periods if (text := why(registry, code, period))]
                yield from (At(entry.origin, text) for text in said[:1])


@rule("D12", "use it in an entry, or remove it")
def modifier_is_used(registry: Registry) -> Iterator[At]:
    """A modifier of a process stands in an entry of one of its indicators."""
    for process in registry.all_processes:
        used = {name for entry in process.derived for name in entry.modifiers}
        for name in process.modifiers:
            others = (entry for other, entry in _entries(registry) if other is not process)
            if name not in used and not any(name in entry.modifiers for entry in others):
                yield At(process.origin, f"no entry uses the modifier '{name}' of {process.process}")


@rule("D13", "define it once, in the same words everywhere")
def modifier_means_one_thing(registry: Registry) -> Iterator[At]:
    """A modifier of several processes is the same condition in each."""
    first: dict[str, tuple[str, Process]] = {}
    for process in registry.all_processes:
        for name, text in process.modifiers.items():
            plain = "".join(text.split())
            said, other = first.setdefault(name, (plain, process))
            if said != plain:
                yield At(process.origin, f"the modifier '{name}' means another thing in {other.process}")


@rule("D14", "move it to the file of the indicator that it stands for")
def named_is_at_home(registry: Registry) -> Iterator[At]:
    """A named indicator stands for one that is written in the same file, so that both have one home."""
    for code, item in registry.named.items():
        derived = registry.derived.get(item.of)
        if derived and registry.process_of.get(derived.base) is not registry.process_of[code]:
            yield At(item.origin, f"'{code}' stands for '{item.of}', which is at home in another file")


@rule("D15", "keep one of them")
def entry_lists_each_word_once(registry: Registry) -> Iterator[At]:
    """Periods, modifiers and compares of an entry stand once each."""
    for _, entry in _entries(registry):
        for words in (entry.periods, entry.modifiers, entry.compare):
            twice = sorted({word for word in words if words.count(word) > 1})
            if twice:
                yield At(entry.origin, f"{', '.join(twice)} stands twice in one list")

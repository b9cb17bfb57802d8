"""From a code that somebody typed to what it means, or to what they may have meant."""

from __future__ import annotations

import difflib

from indicators.codes import DerivedCode, parse_code
from indicators.fitting import fitting, unfit
from indicators.periods import COMPARE_WORDS, is_period
from indicators.registry import Registry


class UnknownCode(ValueError):  # noqa: N818  (it is the answer to a question, and reads as one)
    """No indicator has this code; `near` are codes that look like it."""

    def __init__(self, code: str, near: list[str], hint: str = ""):
        self.code, self.near = code, near
        meant = "" if hint else " `forecourt indicators list` shows every code."
        if near:
            meant = f" Did you mean {', '.join(near)}?"
        super().__init__(f"No indicator has the code '{code}'.{hint and f' {hint}'}{meant}")


def resolve(registry: Registry, code: str) -> DerivedCode:
    """A code taken apart; an atomic or composite code has the period "". Raises UnknownCode."""
    if code in registry.bases:
        return DerivedCode(code, "")
    if code in registry.named:
        return resolve(registry, registry.named[code].of)
    if code in registry.derived:
        return registry.derived[code]
    hint = _hint(registry, code)
    raise UnknownCode(code, [] if hint else near_codes(registry, code), hint)


def near_codes(registry: Registry, code: str, count: int = 3) -> list[str]:
    """Codes that look like this one, or whose English or Chinese name does, the likeliest first; written
    indicators before generated ones, unless what was typed ends like a generated one.
    """
    plain = "_".join(code.casefold().split())
    if plain in registry.bases or plain in registry.named or plain in registry.derived:
        return [plain]
    generated = _near_generated(registry, plain, count)
    if generated:
        return generated
    written = [*registry.atomics, *registry.composites, *registry.named]
    named = _by_name(registry)
    exact = named.get(" ".join(code.casefold().split()), [])
    near = exact or difflib.get_close_matches(plain, written, count, cutoff=0.6)
    if not near:
        words = difflib.get_close_matches(code.casefold(), named, count, cutoff=0.6)
        words += [name for name in named if len(code) > 1 and code.casefold() in name]
        near = list(dict.fromkeys(found for word in words for found in named[word]))[:count]
    return near or difflib.get_close_matches(plain, registry.derived, count, cutoff=0.75)


def _by_name(registry: Registry) -> dict[str, list[str]]:
    """Written codes by their names in both languages."""
    found: dict[str, list[str]] = {}
    for item in [*registry.bases.values(), *registry.named.values()]:
        for name in (item.name.en, item.name.zh):
            found.setdefault(" ".join(name.casefold().split()), []).append(item.code)
    return found


def _near_generated(registry: Registry, code: str, count: int) -> list[str]:
    """The generated codes of the likeliest base with the same period and comparison: lead_cntt_30d."""
    head, end = _cut(code)
    if not end:
        return []
    bases = difflib.get_close_matches(head, registry.bases, count, cutoff=0.75)
    return [f"{base}_{end}" for base in bases if f"{base}_{end}" in registry.derived]


def _cut(code: str) -> tuple[str, str]:
    """A code before its period, and its period with the comparison; the latter "" where it has none."""
    words = code.split("_")
    for place in range(len(words) - 1, 0, -1):
        if is_period(words[place]) and place >= len(words) - 3:
            return "_".join(words[:place]), "_".join(words[place:])
    return code, ""


def _hint(registry: Registry, code: str) -> str:
    """What a code that is well formed, or nearly so, says that is not there; "" where it is no such code."""
    if code in registry.modifiers:
        return _about_modifier(registry, code)
    standard = registry.standard
    period = _cut(code)[1].partition("_")[0]
    periods = {*standard.periods, *([period] if period else [])}
    parsed = parse_code(code, registry.bases, set(registry.modifiers), periods, COMPARE_WORDS)
    if parsed is None:
        return ""
    if parsed.period not in standard.periods:
        return (
            f"'{parsed.period}' is no registered period. {_ranges(parsed.base)} "
            f"With a period of its own there are: {_derived_of(registry, parsed)}."
        )
    return _how_to_have(registry, parsed)


def _about_modifier(registry: Registry, name: str) -> str:
    process = registry.processes[min(registry.modifiers[name])]
    some = [code for code, held in registry.derived.items() if name in held.modifiers][:3]
    return (
        f"It is a modifier ({process.modifiers[name]}), a word inside codes: {', '.join(some) or 'none yet'}."
    )


def _how_to_have(registry: Registry, parsed: DerivedCode) -> str:
    """What it takes to have a well formed code that nobody declared, or why there is no use in it."""
    why = unfit(registry, parsed.base, parsed.period)
    if why:
        return f"{why}. Take {', '.join(fitting(registry, parsed.base))}."
    plain = str(DerivedCode(parsed.base, parsed.period, parsed.modifiers))
    now = _ranges(parsed.base)
    if parsed.modifiers:
        now = ""
    if parsed.compare and plain in registry.derived:
        now = f"`forecourt query {plain} --compare {parsed.compare}` has the number."
    file = registry.process_of[parsed.base].origin.file
    entry = f"It would be well formed: generate it with an entry under `derived` in {file}."
    return f"{entry} {now}".strip()


def _ranges(base: str) -> str:
    return f"`forecourt query {base} --from DAY --to DAY` has the number of any days."


def _derived_of(registry: Registry, parsed: DerivedCode) -> str:
    """The generated codes of the same base and modifiers, without comparisons."""
    found = [
        code
        for code, held in registry.derived.items()
        if (held.base, held.modifiers, held.compare) == (parsed.base, parsed.modifiers, None)
    ]
    return ", ".join(found) or "none"

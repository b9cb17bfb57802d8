"""From a code that somebody typed to what it means, or to what they may have meant."""

from __future__ import annotations

import difflib

from indicators.codes import DerivedCode, parse_code
from indicators.fitting import fitting, unfit
from indicators.registry import Registry


class UnknownCode(ValueError):  # noqa: N818  (it is the answer to a question, and reads as one)
    """No indicator has this code; `near` are codes that look like it."""

    def __init__(self, code: str, near: list[str], hint: str = ""):
        self.code, self.near = code, near
        meant = (
            f" Did you mean {', '.join(near)}?" if near else " `forecourt indicators list` shows every code."
        )
        super().__init__(f"No indicator has the code '{code}'.{hint}{meant}")


def resolve(registry: Registry, code: str) -> DerivedCode:
    """A code taken apart; an atomic or composite code has the period "". Raises UnknownCode."""
    if code in registry.bases:
        return DerivedCode(code, "")
    if code in registry.named:
        return resolve(registry, registry.named[code].of)
    if code in registry.derived:
        return registry.derived[code]
    standard = registry.standard
    parsed = parse_code(
        code,
        bases=registry.bases,
        modifiers=set(registry.modifiers),
        periods=standard.periods,
        compares=standard.compares,
    )
    hint = ""
    if parsed:
        hint = f" {_how_to_have(registry, parsed)}"
    raise UnknownCode(code, near_codes(registry, code), hint)


def _how_to_have(registry: Registry, parsed: DerivedCode) -> str:
    """What it takes to have a well formed code that nobody declared, or why there is no use in it."""
    why = unfit(registry, parsed.base, parsed.period)
    if why:
        return f"{why}. Take {', '.join(fitting(registry, parsed.base))}."
    file = registry.process_of[parsed.base].origin.file
    return f"It would be well formed: generate it with an entry under `derived` in {file}."


def near_codes(registry: Registry, code: str, count: int = 3) -> list[str]:
    """Codes that look like this one, the likeliest first; written indicators before generated ones."""
    written = [*registry.atomics, *registry.composites, *registry.named]
    near = difflib.get_close_matches(code, written, count, cutoff=0.6)
    return near or difflib.get_close_matches(code, registry.derived, count, cutoff=0.75)

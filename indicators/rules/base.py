"""What a rule is, and the list of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indicators.models import Origin
from indicators.registry import Registry


@dataclass(frozen=True)
class At:
    """Something wrong at a place of the registry. `repair` overrides the rule's own where it can say more."""

    origin: Origin
    message: str
    repair: str | None = None


RuleFunction = Callable[[Registry], Iterator[At]]


@dataclass(frozen=True)
class Rule:
    """A rule: its code, its repair in general, and the function that finds what breaks it."""

    code: str
    repair: str
    find: RuleFunction

    @property
    def meaning(self) -> str:
        """What the rule demands: the first line of its function's docstring."""
        return (self.find.__doc__ or "").strip().splitlines()[0]


RULES: dict[str, Rule] = {}


def rule(code: str, repair: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as the rule `code`."""

    def register(find: RuleFunction) -> RuleFunction:
        if code in RULES:
            raise ValueError(f"two rules are called {code}")
        RULES[code] = Rule(code, repair, find)
        return find

    return register

"""A checked request, as the parts of the SQL are written from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from indicators.planning.scans import Scan, scans
from indicators.planning.windows import Times
from indicators.registry import Registry

PERIOD, SLOT, DAYS = "period", "slot", "window_days"


@dataclass(frozen=True)
class Query:
    """Every code, dimension, value and modifier in it exists and fits; `catalog` ends with its dot."""

    registry: Registry
    base: str
    by: tuple[str, ...]
    where: Mapping[str, list[Any]]
    modifiers: tuple[str, ...]
    times: Times
    has_series: bool
    compare: str | None
    catalog: str
    matures: int | None = None  # days until a cohort is mature; None for an indicator that is no cohort's
    params: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def operands(self) -> list[str]:
        """The atomic codes that are read."""
        return self.registry.operands(self.base)

    @cached_property
    def scans(self) -> list[Scan]:
        """The tables that are read."""
        return scans(self.registry, self.operands, {*self.by, *self.where}, self.modifiers)

    @cached_property
    def uses_days(self) -> bool:
        """Does the formula need the number of days of the window?"""
        return self.registry.uses_days(self.base)

    @property
    def keys(self) -> list[str]:
        """The columns that a value is for."""
        return [*([PERIOD] if self.has_series else []), *self.by]

    @property
    def stacked_keys(self) -> list[str]:
        """The columns that a part is aggregated to."""
        return [*self.keys, *([SLOT] if self.compare else [])]

    @property
    def has_n(self) -> bool:
        """Is the value that of a rank, of which it matters how many were ranked?"""
        return self.base in self.registry.atomics and self.registry.additivity(self.base) == "M"

    def param(self, name: str, value: Any) -> str:
        """Bind a value; returns its place in the SQL."""
        self.params[name] = value
        return f"${name}"


def select(columns: list[str], source: str, groups: list[str], having: str = "") -> str:
    """A SELECT with its columns one to a line."""
    text = "select\n    " + ",\n    ".join(columns) + f"\nfrom {source}"
    text += f"\ngroup by {', '.join(groups)}" if groups else ""
    return text + (f"\nhaving {having}" if having else "")

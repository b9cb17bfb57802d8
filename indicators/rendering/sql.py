"""SQL as the house writes it: one column a line, conditions under `where`, CTEs apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indicators.measures import condition_sql

MAX_LINE = 96
INDENT = "    "
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Cte:
    """A common table expression: its name and the lines of its query, without indent."""

    name: str
    lines: Sequence[str]

    def text(self) -> str:
        """The expression, ready to stand in a `with`."""
        body = "\n".join(INDENT + line for line in "\n".join(self.lines).splitlines())
        return f"{self.name} as (\n{body}\n)"


def ref(model: str) -> str:
    """A dbt reference."""
    return f"{{{{ ref('{model}') }}}}"


def aliased(expression: str, column: str) -> str:
    """`expression as column`, or the column alone where it is called so."""
    return column if expression == column else f"{expression} as {column}"


def select(columns: Sequence[str], source: str, where: Sequence[str] = (), groups: Sequence[str] = ()) -> str:
    """A select over `source` (a relation, or lines that begin with one)."""
    lines = ["select", ",\n".join(_indented(column) for column in columns), f"from {source}"]
    if where:
        lines.append(conditions(where))
    if groups:
        lines += ["group by", ",\n".join(INDENT + group for group in groups)]
    return "\n".join(lines)


def conditions(texts: Sequence[str]) -> str:
    """The where clause; several conditions stand one to a line."""
    if len(texts) == 1:
        return f"where {texts[0]}"
    return f"where\n{INDENT}" + f"\n{INDENT}and ".join(texts)


def filtered(aggregate: str, condition: str | None, name: str) -> str:
    """An aggregate over the rows where a condition holds; a long condition is broken, one part a line."""
    if not condition:
        return aggregate
    line = f"{aggregate} filter (where {condition_sql(condition)})"
    if len(f"{INDENT}{line} as {name}") < MAX_LINE:
        return line
    parts = f"\n{INDENT}and ".join(_AND.split(condition_sql(condition)))
    return f"{aggregate} filter (\n{INDENT}where {parts}\n)"


def model(origin: str, query: str, ctes: Sequence[Cte] = ()) -> str:
    """A whole model, with the line that says where it comes from."""
    head = (
        f"-- Compiled from indicators/registry/{origin}: edit there, then `forecourt indicators compile`.\n\n"
    )
    prelude = "with " + ",\n\n".join(cte.text() for cte in ctes) + "\n\n" if ctes else ""
    return f"{head}{prelude}{query}\n"


def _indented(text: str) -> str:
    return "\n".join(INDENT + line for line in text.splitlines())

"""How the command line speaks: friendly failures, tables, JSON. Every verb uses these and nothing else
prints.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from orchestration.errors import ForecourtError, explain_os_error
from orchestration.interrupt import remember_interrupts

EXIT_INTERRUPTED = 130
# Errors of our own packages whose message is written for a person, by module, so that none is imported to
# find out.
_FRIENDLY_MODULES = ("serving.", "indicators.", "ingestion.", "orchestration.")
# What somebody wrote into the registry cannot be read: these name the text, the check its place.
_REGISTRY_MODULES = ("indicators.measures", "indicators.formula", "indicators.registry")


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was seen although a library had caught it."""


class FriendlyGroup(TyperGroup):
    """Turns failures into one sentence and an exit code, for every verb alike."""

    def invoke(self, ctx: Any) -> Any:
        """Run the verb; see the module's words on exit codes."""
        with remember_interrupts() as was_interrupted:
            ctx.obj = was_interrupted
            try:
                return super().invoke(ctx)
            except KeyboardInterrupt:
                raise _stopped() from None
            except Exception as error:
                if type(error).__module__.startswith("typer"):  # a wrong option, or an exit with a code
                    raise
                if was_interrupted():
                    raise _stopped() from error
                say(_sentence(error))
                raise typer.Exit(1) from error


def _stopped() -> typer.Exit:
    say(
        "Stopped. Nothing is lost: what was loaded is kept, the last published snapshot is still current, "
        "and the same command carries on."
    )
    return typer.Exit(EXIT_INTERRUPTED)


def _sentence(error: Exception) -> str:
    """What to tell a person. Raises the error again where it is a bug and its traceback is what helps."""
    full_disk = explain_os_error(error)
    if full_disk:
        return full_disk
    if type(error).__module__ in _REGISTRY_MODULES:
        return f"{error}. Run `forecourt indicators check`: it names file, line and repair."
    if isinstance(error, ForecourtError) or type(error).__module__.startswith(_FRIENDLY_MODULES):
        return str(error)
    raise error


def interrupt_check(ctx: typer.Context) -> Callable[[], None]:
    """A function for the steps of the pipeline that raises where Ctrl-C has arrived."""
    was_interrupted = ctx.find_root().obj

    def check() -> None:
        if was_interrupted is not None and was_interrupted():
            raise Interrupted

    return check


def say(line: str) -> None:
    """One line to the person, on standard error."""
    print(line, file=sys.stderr, flush=True)


def show(line: str = "") -> None:
    """One line of the result, on standard output."""
    print(line, flush=True)


def show_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = (), title: str = ""
) -> None:
    """A table on standard output; columns whose positions are in ``numbers`` are aligned right."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for position, name in enumerate(head):
        table.add_column(name, justify="right" if position in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    # Without a terminal rich would wrap at 80 columns and break what a program or a log keeps.
    width = None if sys.stdout.isatty() else 160
    Console(file=sys.stdout, width=width, highlight=False, markup=False).print(table)


def show_json(value: Any) -> None:
    """``value`` as JSON on standard output; dataclasses, dates, paths and decimals included."""
    print(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def count(number: int) -> str:
    """A whole number with thousands separated."""
    return f"{number:,}"


def seconds(value: float) -> str:
    """A duration for people: 0.42 s, 12 s, 3 min 5 s."""
    if value < 10:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    return f"{int(value // 60)} min {int(value % 60)} s"

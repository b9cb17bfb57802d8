"""Options that several verbs share, described once."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from orchestration.errors import ForecourtError

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", help="Folder of warehouse and snapshots (else FORECOURT_DATA_DIR, else ./data)."
    ),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait", metavar="SECONDS", help="Wait so long for another writer instead of failing at once."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the result as JSON on standard output.")]
NOT_KNOWN = "not known"  # how a dimension without a value is printed and asked for
Scale = Annotated[
    str | None, typer.Option("--scale", metavar="tiny|demo|bench", help="Size of the demo world.")
]


def check_sources(names: Iterable[str]) -> None:
    """Raise ``ForecourtError`` for a name that is no source's."""
    from ingestion.config import SOURCE_NAMES

    for name in names:
        if name not in SOURCE_NAMES:
            raise ForecourtError(f"There is no source {name}: there are {', '.join(SOURCE_NAMES)}.")


def day(text: Any) -> date:
    """A day of the calendar, as an option's parser. Raises BadParameter."""
    try:
        return text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text} is no day of the calendar: write it as 2026-03-31.") from error


# What a request's fields are called here.
_OPTIONS = {
    "by": "--by",
    "date_from": "--from",
    "date_to": "--to",
    "where": "--where",
    "grain": "--grain",
    "compare": "--compare",
    "with_total": "--total",
}


@contextmanager
def said_in_options() -> Iterator[None]:
    """Turns a question that has no answer into words that name the command line's options."""
    from indicators.planner import worded
    from serving.errors import QueryFailed

    try:
        yield
    except QueryFailed as error:
        raise ForecourtError(worded(str(error), _OPTIONS)) from error


def conditions(pairs: Iterable[str]) -> dict[str, Any]:
    """``dim=value`` pairs as conditions; a dimension that stands twice allows both values.

    ``dim=not known``, as tables print it, asks for what has no value (None).
    """
    allowed: dict[str, list[str | None]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ForecourtError(
                f"--where {pair} is not a condition: write dim=value, e.g. --where region=DE-BY."
            )
        allowed.setdefault(name.strip(), []).append(None if value.strip() == NOT_KNOWN else value.strip())
    return {name: values[0] if len(values) == 1 else values for name, values in allowed.items()}

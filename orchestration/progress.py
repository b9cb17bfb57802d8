"""How long work shows itself: a live bar on a terminal, plain lines anywhere else."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """What the steps of the pipeline tell while they work."""

    def say(self, line: str) -> None:
        """Say one line that stays."""

    def step(self, name: str) -> None:
        """Say what begins now."""

    def advance(self, done: int, total: int) -> None:
        """Say how much of this step is done."""


class PlainProgress:
    """Lines on a stream: for logs, pipes and Dagster. Every tenth part of a step gives one line."""

    def __init__(self, write: "LineWriter | None" = None) -> None:
        self._write = write or (lambda line: print(line, file=sys.stderr, flush=True))
        self._tenth = 0

    def say(self, line: str) -> None:
        """Write the line."""
        self._write(line)

    def step(self, name: str) -> None:
        """Write the name."""
        self._tenth = 0
        self._write(name)

    def advance(self, done: int, total: int) -> None:
        """Write a line at every tenth part."""
        tenth = done * 10 // total if total else 0
        if tenth > self._tenth:
            self._tenth = tenth
            self._write(f"  {done} of {total}")


class LineWriter(Protocol):
    """Takes one line of text."""

    def __call__(self, line: str, /) -> None:
        """Write ``line``."""


class _RichProgress:
    """A spinner, a bar and the time, redrawn in place."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._task = self.bar.add_task("starting", total=None)

    def say(self, line: str) -> None:
        self.bar.console.print(line, markup=False, highlight=False)

    def step(self, name: str) -> None:
        self.bar.reset(self._task, description=name, total=None)

    def advance(self, done: int, total: int) -> None:
        self.bar.update(self._task, completed=done, total=total)


@contextmanager
def progress() -> Iterator[Progress]:
    """The progress that fits standard error."""
    if not sys.stderr.isatty():
        yield PlainProgress()
        return
    shown = _RichProgress()
    with shown.bar:
        yield shown

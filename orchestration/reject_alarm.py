"""The alarm for rejected rows: per source, against what is usual there and against an absolute bar.

Counts fade with time: those of the newest ten minutes say how it is now, those of two weeks how it is
usually. So hourly loads and micro-batches are judged alike, and what has to be remembered is four numbers a
source. While a source is in alarm its rows do not change what is usual.
"""

import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.alerts import Alert, Outbox
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.load import SourceReport

NOW_SECONDS = 10 * 60.0  # after so long a row counts for 1/e
USUAL_SECONDS = 14 * 86_400.0
TIMES_USUAL = 3.0
LEAST_ROWS = 20  # rejected rows below which nobody is woken
KNOWN_ROWS = 1_000  # rows after which a source has a usual rate
SIGMAS = 5.0  # of a Poisson count, so that a small batch with bad luck is no alarm
CALM = 0.5  # it is over at half of what raised it, or it would come and go


@dataclass(frozen=True)
class Rows:
    """Rows read and rejected; fractions, since they fade."""

    read: float = 0.0
    rejected: float = 0.0

    @property
    def rate(self) -> float:
        """The share that was rejected."""
        return self.rejected / self.read if self.read else 0.0

    def faded(self, share: float) -> "Rows":
        """The same, counting for less."""
        return Rows(self.read * share, self.rejected * share)

    def __add__(self, other: "Rows") -> "Rows":
        return Rows(self.read + other.read, self.rejected + other.rejected)


@dataclass(frozen=True)
class SourceRate:
    """What is remembered of a source. ``at`` is in seconds since 1970."""

    now: Rows = Rows()
    usual: Rows = Rows()
    at: float = 0.0

    def after(self, rows: Rows, at: float) -> "SourceRate":
        """With the rows of one more load."""
        past = max(0.0, at - self.at)
        now = self.now.faded(math.exp(-past / NOW_SECONDS)) + rows
        usual = self.usual.faded(math.exp(-past / USUAL_SECONDS))
        return SourceRate(now, usual, at)

    def taken_as_usual(self, rows: Rows) -> "SourceRate":
        """These rows were nothing special."""
        return replace(self, usual=self.usual + rows)

    def is_high(self, bar: float, share: float = 1.0) -> bool:
        """Are too many rejected now: more than the bar, or far more than is usual?"""
        if self.now.rejected < LEAST_ROWS * share:
            return False
        if self.now.rate > bar * share:
            return True
        if self.usual.read < KNOWN_ROWS:
            return False
        expected = self.usual.rate * self.now.read
        least = max(TIMES_USUAL * expected, expected + SIGMAS * math.sqrt(expected))
        return self.now.rejected > least * share


def watch_rejects(
    settings: Settings, counts: Mapping[str, tuple[int, int]], *, at: float | None = None, wait: bool = True
) -> list[Alert]:
    """Take note of one load: rows read and rejected by source. Returns the alerts that it raised.

    The caller holds the writer's lock. ``wait`` False sends them in the background, for a caller that must
    not wait for a webhook.
    """
    at = time.time() if at is None else at
    file = settings.data_dir / "state" / "reject_rates.json"
    rates = _read(file)
    outbox = Outbox(settings.outbox_dir / "alerts", settings.alert_webhook)
    raised = []
    for source, (read, rejected) in counts.items():
        if not read:
            continue
        cause, rows = f"rejected rows of {source}", Rows(read, rejected)
        rate = rates.get(source, SourceRate()).after(rows, at)
        if rate.is_high(settings.reject_bar):
            alert = _alert(cause, source, rate, settings.reject_bar)
            if outbox.raise_(alert, wait=wait):
                raised.append(alert)
        elif not outbox.is_open(cause):
            rate = rate.taken_as_usual(rows)
        elif not rate.is_high(settings.reject_bar, CALM):
            outbox.resolve(cause)
            rate = rate.taken_as_usual(rows)
        rates[source] = rate
    _write(file, rates)
    return raised


def counts_of(reports: "Iterable[SourceReport]") -> dict[str, tuple[int, int]]:
    """Rows read and rejected by source, of a load's reports."""
    return {
        report.source: (sum(entity.read for entity in report.entities), report.rejected) for report in reports
    }


def _alert(cause: str, source: str, rate: SourceRate, bar: float) -> Alert:
    usual = (
        f"{rate.usual.rate:.2%} is usual" if rate.usual.read >= KNOWN_ROWS else "nothing is known as usual"
    )
    return Alert(
        cause,
        f"{source}: {rate.now.rate:.1%} of the rows are rejected",
        f"Of the newest {rate.now.read:,.0f} rows {rate.now.rejected:,.0f} were rejected; {usual}, the bar "
        f"is {bar:.0%}. They are kept: `forecourt rejected list --source {source}` says why; after the fix "
        f"`forecourt rejected replay --source {source}` brings them in.",
        severity="warning",
    )


def _read(file: Path) -> dict[str, SourceRate]:
    try:
        kept = json.loads(file.read_text())
        return {
            source: SourceRate(Rows(**one["now"]), Rows(**one["usual"]), one["at"])
            for source, one in kept.items()
        }
    except (OSError, ValueError, TypeError, KeyError):
        return {}  # nothing is usual yet: the bar alone decides


def _write(file: Path, rates: Mapping[str, SourceRate]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps({source: asdict(rate) for source, rate in rates.items()}))
    part.replace(file)

"""What the published snapshot knows about a code: its state, gates, tests and last good value."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from indicators.lookup import resolve
from indicators.registry import Registry
from orchestration.settings import Settings
from serving import dictionary
from serving.definitions import not_built
from serving.dictionary import DbtTestResult, GateResult, Status
from serving.errors import QueryFailed
from serving.freshness import entity_loads
from serving.store import Snapshot, Store


@dataclass(frozen=True)
class Known:
    """The state of a code at this moment, in words and as data; a generated code has that of its `base`."""

    version: int
    base: str
    state: str
    sentence: str
    last_good: str
    last_good_value: float | None
    as_of_on: date | None
    loaded_at: datetime | None
    warnings: tuple[str, ...]
    gates: tuple[GateResult, ...]
    tests: tuple[DbtTestResult, ...]


def known(settings: Settings, registry: Registry, code: str) -> Known:
    """The state of a code. Raises NoSnapshot where nothing is published, QueryFailed where the snapshot was
    built before the code was written.
    """
    snapshot = Store(settings.snapshots_dir).snapshot()
    status = dictionary.status_of(snapshot, registry, code)
    if status is None:
        raise QueryFailed(
            f"Snapshot {snapshot.version} was built before '{code}' was written: run `make indicators`."
        )
    state, reason = status.now(datetime.now(UTC))
    since = f" since {status.failing_since:%Y-%m-%d %H:%M} UTC" if status.failing_since else ""
    base = resolve(registry, code).base
    [entry] = [one for one in dictionary.entries(snapshot) if one.code == base]
    source = registry.process_of[base].source
    return Known(
        version=snapshot.version,
        base=base,
        state=state,
        sentence=f"{state}{since}: {reason}" if reason else f"{state}: every gate holds",
        last_good=_last_value(status, state),
        last_good_value=status.last_good_value,
        as_of_on=entry.as_of_on,
        loaded_at=_loaded_at(snapshot, source),
        warnings=(*dictionary.life_warnings(registry, code), *not_built(snapshot, registry, code)),
        gates=tuple(dictionary.gates(snapshot, base)),
        tests=tuple(dictionary.test_results(snapshot, entry.test_names or ())),
    )


def _last_value(status: Status, state: str) -> str:
    """The last good value in a sentence; where the indicator is shown, it is simply the last one."""
    said = dictionary.last_good(status)
    return said if state == "withheld" else said.replace("The last good value", "The last value", 1)


def _loaded_at(snapshot: Snapshot, source: str) -> datetime | None:
    loads = [one.last_loaded_at for one in entity_loads(snapshot) if one.source == source]
    return max((at for at in loads if at), default=None)

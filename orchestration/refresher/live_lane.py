"""The live lane: sealed segments -> raw events -> the models that take in rows as they come -> a layer."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingestion.live.archive import archive, remove_leftovers, remove_orphans
from ingestion.live.load import LiveLoader, Loaded
from ingestion.live.waiting import Waiting, first, loaded_segments, mark_loaded, waiting_segments
from orchestration.refresher.journal import SourceRows
from orchestration.refresher.slices import Slices
from orchestration.refresher.timing import Timing
from orchestration.settings import Settings

if TYPE_CHECKING:
    from serving.layer import LayerReport

# With every pass: what an event reaches at a cost that follows the batch.
PULSE = ("fct_app_event", "ind_app_1d", "ind_app_person_1d")
# Every `steady_seconds`: small tables that are made anew, and how fresh the sources are.
STEADY = (
    *("fct_app_registration", "ind_app_registration_1d"),
    *("fct_load", "srv_source_freshness", "dim_source", "srv_as_of"),
)
BUSY_SECONDS = 10.0
UNSETTLED_SECONDS = 5.0
CUBES = ("ind_app_1d", "ind_app_person_1d", "ind_app_registration_1d")
TABLES = ("srv_source_freshness", "srv_as_of")


class LiveLane:
    """One installation's live lane on the open warehouse."""

    def __init__(self, settings: Settings, slices: Slices, folder: Path) -> None:
        self._settings, self._slices, self.folder = settings, slices, folder
        self._archive = settings.data_dir / "archive" / "app"
        self._loader: LiveLoader | None = None
        self._archived_at = self._steady_at = time.monotonic()
        self._loaded_at = -BUSY_SECONDS
        self._unsettled: dict[str, float] = {}  # segments that are still being copied, and when to look again
        remove_leftovers(self._archive)

    def is_busy(self) -> bool:
        """Did events come lately? Then they must not wait long for anything else."""
        return time.monotonic() - self._loaded_at < BUSY_SECONDS

    def waiting(self) -> list[Waiting]:
        """The segments that no pass has taken yet, but for those that somebody may still be writing."""
        now = time.monotonic()
        return [one for one in waiting_segments(self.folder) if self._unsettled.get(one.name, now) <= now]

    def open(self) -> None:
        """Begin on a warehouse that was just opened; ids that somebody else loaded are read anew."""
        connection = self._slices.connection()
        if self._loader is None:
            self._loader = LiveLoader(connection)
            remove_orphans(connection, self._archive, self.folder)
        else:
            self._loader.attach(connection)

    def forget(self) -> None:
        """Another way loads events: which there are is looked up when the warehouse is opened again."""
        if self._loader is not None:
            self._loader.outdate()

    def load(self, timing: Timing) -> Loaded | None:
        """Take in what waits, up to ``pass_bytes``; None where nothing does."""
        assert self._loader is not None  # noqa: S101  open() comes first
        segments = first(self.waiting(), self._settings.refresh.pass_bytes)
        if not segments:
            return None
        with timing.stage("load"):
            loaded = self._loader.load(segments)
        mark_loaded([one for one in segments if one.name not in loaded.unsettled])
        again = time.monotonic() + UNSETTLED_SECONDS
        self._unsettled |= dict.fromkeys(loaded.unsettled, again)
        self._unsettled = {name: at for name, at in self._unsettled.items() if name not in loaded.segments}
        self._loaded_at = time.monotonic()
        return loaded

    def build(self, timing: Timing) -> list[str]:
        """Bring the models up to what was loaded; answers with their names."""
        steady = time.monotonic() - self._steady_at >= self._settings.refresh.steady_seconds
        names = [*PULSE, *(STEADY if steady else ())]
        with timing.stage("build"):
            self._slices.run(self._slices.ids(names), "live")
        if steady:
            self._steady_at = time.monotonic()
        return names

    def publish(self, timing: Timing) -> "LayerReport":
        """Make a layer current. Raises ``serving.layer.NoBase`` where it needs a whole snapshot."""
        from serving.layer import publish_layer

        with timing.stage("publish"):
            return publish_layer(
                self._slices.connection(),
                self._settings.snapshots_dir,
                cubes=CUBES,
                tables=TABLES,
                keep=self._settings.keep_snapshots,
            )

    def tidy(self, *, everything: bool = False) -> None:
        """Archive loaded segments, when it is time to."""
        due = time.monotonic() - self._archived_at >= self._settings.refresh.archive_seconds
        if self._loader is not None and (due or everything):
            archive(self._loader.connection, self._archive, loaded_segments(self.folder))
            self._archived_at = time.monotonic()


def source_rows(loaded: Loaded) -> list[SourceRows]:
    """What the segments of a load held, by lane."""
    said = "; ".join(loaded.notes)
    return [
        SourceRows("app", one.lane, one.read, one.loaded, one.rejected, one.repeated, said)
        for one in loaded.lanes
    ]


def lag(loads: Sequence[Loaded], published_at: float) -> dict[str, Any]:
    """What a pass tells of the seconds from an event's arrival to ``published_at`` (seconds since 1970), over
    all events of the loads: quantiles, and a count for each tenth of a second; nothing where there are none.
    """
    times = [one.received_us for one in loads if len(one.received_us)]
    if not times:
        return {}
    waited = published_at - np.concatenate(times) / 1e6
    p50, p95 = np.quantile(waited, [0.5, 0.95])
    # Everything above a day is one bucket: events that were kept for long are no measure of the path.
    tenths = np.minimum(np.ceil(np.maximum(waited, 0.0) * 10), 864_000).astype(np.int64)
    quantiles = {
        "p50": round(float(p50), 3),
        "p95": round(float(p95), 3),
        "max": round(float(waited.max()), 3),
    }
    buckets, counts = np.unique(tenths, return_counts=True)
    return {
        "lag_seconds": quantiles,
        "lag_counts": {f"{one / 10:.1f}": int(n) for one, n in zip(buckets, counts, strict=True)},
    }

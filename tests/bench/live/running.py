"""A whole live path for a benchmark: a collector, the resident refresher, and a sender that keeps a pace."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from orchestration.refresher.journal import read_passes, read_state
from orchestration.settings import Settings, load_settings
from tests.integration.ingestion.collector_process import CollectorProcess

BATCH = 100


class LivePath:
    """Collector and refresher over one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.settings: Settings = load_settings(data_dir=data_dir)
        self.collector = CollectorProcess(self.settings.landing_dir, seal_seconds=0.2)
        self.refresher: subprocess.Popen[bytes] | None = None
        self.log = data_dir / "refresher.log"

    def start_refresher(self) -> None:
        """Start it; returns at once."""
        environment = os.environ | {"FORECOURT_DATA_DIR": str(self.settings.data_dir)}
        with self.log.open("ab") as log:
            self.refresher = subprocess.Popen(
                [Path(sys.executable).with_name("forecourt"), "refresh", "--watch"],
                env=environment,
                stdout=log,
                stderr=log,
            )

    def wait_idle(self, seconds: float) -> None:
        """Return when the refresher has nothing to do. Raises ``TimeoutError`` with the end of its log."""
        assert self.refresher is not None
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.refresher.poll() is None:
            state = read_state(self.settings)
            if (
                state
                and state["pid"] == self.refresher.pid
                and state["state"] == "idle"
                and not state["backlog"]["segments"]
            ):
                return
            time.sleep(0.1)
        raise TimeoutError(f"the refresher is not idle: {self.log.read_text()[-2000:]}")

    def passes(self, after: int = 0) -> list[dict[str, Any]]:
        """The journal from there on."""
        return list(read_passes(self.settings, after))

    def last_pass(self) -> int:
        """The highest number of a pass."""
        state = read_state(self.settings)
        return int(state["pass_no"]) if state else 0

    def stop(self) -> None:
        """Stop both in an orderly way."""
        if self.refresher and self.refresher.poll() is None:
            self.refresher.terminate()
            self.refresher.wait(120)
        if self.collector.process and self.collector.process.poll() is None:
            self.collector.stop()


@contextmanager
def live_path(data_dir: Path, first_seconds: float = 1800) -> Iterator[LivePath]:
    """A running live path on a built world, ready: its first full pass has ended."""
    path = LivePath(data_dir)
    path.collector.start()
    path.start_refresher()
    try:
        path.wait_idle(first_seconds)
        yield path
    finally:
        path.stop()


class Sender(threading.Thread):
    """Posts batches at a pace, each again until it is acknowledged; ``acknowledged`` has the ids."""

    def __init__(self, url: str, rate: float, name: str, accounts: list[str], batch: int = BATCH) -> None:
        super().__init__(name=name, daemon=True)
        self.url, self.rate, self.batch, self.accounts = url, rate, batch, accounts
        self.acknowledged: list[str] = []
        self.finished = threading.Event()
        self._number = 0
        self._chance = random.Random(name)

    def run(self) -> None:
        """Send until ``finished``; a batch that is due late is sent at once."""
        due = time.monotonic()
        with httpx.Client(timeout=10) as client:
            while not self.finished.is_set():
                events = [self._event() for _ in range(self.batch)]
                while not self._is_taken(client, events):
                    if self.finished.is_set():
                        return
                    time.sleep(0.05)
                self.acknowledged += [str(one["messageId"]) for one in events]
                due += self.batch / self.rate
                self.finished.wait(max(0.0, due - time.monotonic()))

    def _is_taken(self, client: httpx.Client, events: list[dict[str, object]]) -> bool:
        with suppress(httpx.HTTPError):
            body = orjson.dumps({"batch": events})
            answer = client.post(self.url + "/v1/batch", content=body, auth=("wk", ""))
            return answer.status_code == 200
        return False

    def _event(self) -> dict[str, object]:
        self._number += 1
        return {
            "messageId": f"{self.name}-{self._number:010d}",
            "type": "track",
            "event": "screen_viewed",
            "userId": self._chance.choice(self.accounts),
            "timestamp": datetime.now(UTC).isoformat(),
            "properties": {"screen": "configurator", "session_id": f"s-{self._number % 997}"},
        }


def world(folder: Path, scale: str, given: Path | None) -> Path:
    """A data folder of that scale to work on: a copy of ``given``, or made now."""
    target = folder / scale
    if given is not None:
        subprocess.run(["cp", "-r", str(given), str(target)], check=True)
        return target
    environment = os.environ | {"FORECOURT_DATA_DIR": str(target), "CI": "true"}
    command = [Path(sys.executable).with_name("forecourt"), "run", "--scale", scale]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return target


def accounts(data_dir: Path, limit: int = 20_000) -> list[str]:
    """Accounts of the app that the world has."""
    import duckdb

    with duckdb.connect(str(data_dir / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select distinct user_id from raw_app.event where user_id is not null limit ?", [limit]
        ).fetchall()
    return [row[0] for row in rows]


def found_ids(data_dir: Path, prefix: str) -> list[str]:
    """Message ids in the warehouse that begin like this, as often as they are there."""
    import duckdb

    with duckdb.connect(str(data_dir / "warehouse.duckdb"), read_only=True) as connection:
        query = "select message_id from raw_app.event where starts_with(message_id, ?)"
        return [row[0] for row in connection.execute(query, [prefix]).fetchall()]


def all_lags(passes: list[dict[str, Any]]) -> Counter[float]:
    """How many events of these passes waited how long: by tenths of a second, rounded up."""
    found: Counter[float] = Counter()
    for one in passes:
        found.update({float(lag): count for lag, count in (one.get("lag_counts") or {}).items()})
    return found


def quantile(lags: Counter[float], share: float) -> float | None:
    """The lag that this share of all events did not exceed; None where there are none."""
    left = share * sum(lags.values())
    for lag in sorted(lags):
        left -= lags[lag]
        if left <= 0:
            return lag
    return None


def describe(passes: list[dict[str, Any]]) -> str:
    """How many passes of which lane, for a remark."""
    return json.dumps({lane: sum(one["lane"] == lane for one in passes) for lane in ("live", "full")})

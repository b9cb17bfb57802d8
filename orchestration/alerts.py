"""Alerts: one message for one cause, into an outbox on disk and, where one is configured, to a webhook.

A cause that stays is told once, until it is over (:meth:`Outbox.resolve`) and comes back. The file comes
first: an alert that no webhook would take is delivered with the next one.
"""

import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import requests
from filelock import FileLock, Timeout
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

TIMEOUT = 10  # seconds
RETRY = Retry(
    total=4,
    backoff_factor=1.0,
    backoff_max=30,
    retry_after_max=60,
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=("POST",),
    raise_on_status=False,
)


@dataclass(frozen=True)
class Alert:
    """What somebody has to know. ``cause`` is what it is about, the same words each time; ``link`` where
    to look.
    """

    cause: str
    title: str
    text: str
    severity: Literal["warning", "critical"] = "critical"
    link: str | None = None
    raised_at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


class Outbox:
    """Alerts as files: ``<folder>/<time>-<cause>.json``, and ``open/<cause>.json`` for each cause that is
    not over.
    """

    def __init__(self, folder: Path, webhook: SecretStr | None = None, retry: Retry = RETRY) -> None:
        self.folder, self._webhook, self._retry = folder, webhook, retry

    def raise_(self, alert: Alert, *, wait: bool = True) -> bool:
        """Keep and send an alert. False where its cause was told already and is not over.

        ``wait`` False sends it in the background, for a caller that must not wait for a webhook.
        """
        still_open = self._open_file(alert.cause)
        if still_open.is_file():
            return False
        self._write(self.folder / f"{time.time_ns()}-{still_open.name}", alert, delivered=False)
        self._write(still_open, alert, delivered=False)
        if wait:
            self.deliver()
        elif self._webhook is not None:
            threading.Thread(target=self.deliver, name="alerts").start()
        return True

    def is_open(self, cause: str) -> bool:
        """Was this cause told, and is not over?"""
        return self._open_file(cause).is_file()

    def resolve(self, cause: str) -> bool:
        """The cause is over. False where it was not open."""
        try:
            self._open_file(cause).unlink()
        except FileNotFoundError:  # never told, or another process was faster
            return False
        return True

    def open_alerts(self) -> list[Alert]:
        """Alerts whose cause is not over, oldest first."""
        found = []
        for file in self.folder.glob("open/*.json"):
            with suppress(FileNotFoundError):  # it is over just now
                found.append(_read(file)[0])
        return sorted(found, key=lambda alert: alert.raised_at)

    def deliver(self) -> int:
        """Send what the webhook does not have yet, oldest first; returns how many it took.

        One at a time: who finds another delivery under way leaves it to that one.
        """
        if self._webhook is None:
            return 0
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / "deliver.lock", timeout=0):
                return self._deliver()
        except Timeout:
            return 0

    def _deliver(self) -> int:
        taken = 0
        with requests.Session() as session:
            session.mount("https://", HTTPAdapter(max_retries=self._retry))
            session.mount("http://", HTTPAdapter(max_retries=self._retry))
            for file, alert in self._undelivered():
                if not self._post(session, alert):
                    break  # it will not take the next one either
                self._write(file, alert, delivered=True)
                taken += 1
        return taken

    def _post(self, session: requests.Session, alert: Alert) -> bool:
        address = self._webhook.get_secret_value() if self._webhook else ""
        # `text` is what chat tools show; the rest is for programs
        body: dict[str, Any] = {"text": f"{alert.title}\n{alert.text}", "alert": asdict(alert)}
        try:
            return session.post(address, json=body, timeout=TIMEOUT).ok
        except requests.RequestException:
            return False

    def _undelivered(self) -> Iterator[tuple[Path, Alert]]:
        for file in sorted(self.folder.glob("*.json")):
            alert, delivered = _read(file)
            if not delivered:
                yield file, alert

    def _open_file(self, cause: str) -> Path:
        return self.folder / "open" / f"{hashlib.sha256(cause.encode()).hexdigest()[:16]}.json"

    def _write(self, file: Path, alert: Alert, *, delivered: bool) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{uuid.uuid4().hex}.part")  # several processes tell of one cause
        part.write_text(json.dumps(asdict(alert) | {"delivered": delivered}, indent=1), encoding="utf-8")
        part.replace(file)


def _read(file: Path) -> tuple[Alert, bool]:
    values = json.loads(file.read_text(encoding="utf-8"))
    delivered = bool(values.pop("delivered"))
    return Alert(**values), delivered

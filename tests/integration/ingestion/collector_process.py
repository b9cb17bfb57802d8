"""A real collector in a process of its own, for the tests that talk to it."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx

from ingestion.collector.segments import OPEN, recover
from ingestion.collector.serve import VARIABLE, settings_text
from ingestion.collector.settings import CollectorSettings

START = f"""
import os
from ingestion.collector.serve import serve
from ingestion.collector.settings import CollectorSettings
serve(CollectorSettings.model_validate_json(os.environ["{VARIABLE}"]))
"""


class CollectorProcess:
    """Starts, kills and restarts one collector on one port and folder."""

    def __init__(self, folder: Path, **settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.settings = CollectorSettings(
            port=port, folder=folder, **({"write_keys": {"wk": "app"}} | settings)
        )
        self.url = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self):
        """Returns when it answers."""
        environment = os.environ | {VARIABLE: settings_text(self.settings)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", START], env=environment, stderr=subprocess.PIPE
        )
        for line in self.process.stderr:  # it says when it listens: no polling
            if b"Uvicorn running" in line:
                return self
        raise AssertionError("the collector did not start")

    def kill(self):
        """As a power cut would, for a process."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stderr.close()

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=30)

    def post(self, path, body, key="wk", **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        auth = (key, "") if key else None
        return httpx.post(self.url + path, content=content, auth=auth, headers=headers, timeout=30)

    def events(self):
        """Every event of the sealed segments; call it when the collector has stopped."""
        for lane in ("normal", "critical"):
            recover(self.settings.folder / lane)
        files = sorted(self.settings.folder.rglob("*.jsonl"))
        assert not list(self.settings.folder.rglob("*" + OPEN))
        return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


@contextmanager
def collector(folder: Path, **settings):
    """A running collector that is stopped at the end, unless the test did."""
    running = CollectorProcess(folder, **settings).start()
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop()

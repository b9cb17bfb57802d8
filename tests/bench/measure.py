"""Time and peak memory of a command and all its children, and the machine it ran on."""

import os
import platform
import statistics
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dlt", "dagster", "pyarrow", "streamlit")
_SAMPLE_SECONDS = 0.05


@dataclass(frozen=True)
class Measured:
    """One run of a command. ``seconds`` is wall-clock time, ``peak_bytes`` the resident memory of its
    process tree.
    """

    seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], env: dict[str, str], cwd: Path) -> Measured:
    """Run the command to its end. Raises ``RuntimeError`` with what it said where it fails."""
    started = time.perf_counter()
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env={**os.environ, **env}, cwd=cwd, text=True, **pipes) as process:
        peak = _Peak(process.pid)
        peak.start()
        output, _ = process.communicate()
        seconds = time.perf_counter() - started
        peak.stop()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{output[-3_000:]}")
    return Measured(seconds, peak.bytes, output)


class _Peak(threading.Thread):
    """Samples the resident memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.bytes = 0
        self._pid = pid
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            try:
                root = psutil.Process(self._pid)
                total = sum(one.memory_info().rss for one in [root, *root.children(recursive=True)])
            except psutil.Error:
                continue
            self.bytes = max(self.bytes, total)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def median(values: Sequence[float]) -> float:
    """The middle value: one slow run on a busy machine does not move it."""
    return statistics.median(values)


def machine() -> dict[str, object]:
    """What the figures depend on: processor, cores, memory, load at the start, versions."""
    cpu = next(
        (line.split(":")[1].strip() for line in _cpuinfo() if line.startswith("model name")),
        platform.machine(),
    )
    return {
        "processor": cpu,
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load_at_start": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def _cpuinfo() -> list[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text().splitlines() if file.exists() else []

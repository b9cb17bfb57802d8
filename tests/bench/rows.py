"""What is measured: each row of the table is a function from a scratch folder to figures."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.measure import Measured, median, run

FORECOURT = str(Path(sys.executable).with_name("forecourt"))


@dataclass(frozen=True)
class Row:
    """One line of the table. ``memory_gib`` is the peak over the runs, ``seconds`` the median."""

    what: str
    runs: int
    seconds: float
    memory_gib: float
    target: str
    remark: str = ""

    def as_json(self) -> dict[str, object]:
        """The row for a program."""
        return asdict(self)


def _forecourt(folder: Path, *arguments: str) -> Measured:
    return run([FORECOURT, *arguments], {"FORECOURT_DATA_DIR": str(folder / "data")}, folder)


def _row(what: str, measured: list[Measured], target: str, remark: str = "") -> Row:
    peak = max(one.peak_bytes for one in measured) / 2**30
    return Row(
        what,
        len(measured),
        round(median([one.seconds for one in measured]), 2),
        round(peak, 2),
        target,
        remark,
    )


def whole_run(folder: Path, scale: str, runs: int) -> Row:
    """`forecourt run` from nothing: demo world, load, build, publish."""
    measured = []
    for number in range(runs):
        fresh = folder / f"run-{scale}-{number}"
        fresh.mkdir()
        measured.append(_forecourt(fresh, "run", "--scale", scale))
    target = "3 min, 4 GiB" if scale == "demo" else "15 min, 16 GiB (build alone)" if scale == "bench" else ""
    return _row(f"forecourt run --scale {scale}", measured, target, "from nothing, demo world included")


def parts(folder: Path, scale: str, runs: int) -> list[Row]:
    """Full build, publish, and a pass with nothing new, on the folder that `whole_run` left."""
    ran = folder / f"run-{scale}-0"
    builds = [_forecourt(ran, "build", "--full-refresh") for _ in range(runs)]
    published = [_forecourt(ran, "publish", "--json") for _ in range(runs)]
    inside = [json.loads(one.output[one.output.index("{") :])["seconds"] for one in published]
    passes = [_forecourt(ran, "refresh") for _ in range(runs)]
    build_target = "15 min, 16 GiB" if scale == "bench" else ""
    return [
        _row(f"full build, {scale} world", builds, build_target, "dbt build --full-refresh, tests included"),
        _row(
            f"publish, {scale} world",
            published,
            "",
            f"{median(inside):.2f} s without the start of the process",
        ),
        _row(f"refresh with nothing new, {scale} world", passes, "", "load, build, publish in a new process"),
    ]


def help_text(folder: Path, scale: str, runs: int) -> Row:
    """The start of the command line."""
    return _row("forecourt --help", [_forecourt(folder, "--help") for _ in range(max(runs, 5))], "0.5 s")


CHECK_INSIDE = """
import time
from indicators.check import check_folder
from indicators.registry import load_registry
check_folder()
began = time.perf_counter()
check_folder()
print(time.perf_counter() - began, len(load_registry().derived))
"""


def indicators_check(folder: Path, scale: str, runs: int) -> Row:
    """Every rule over the shipped registry, as people start it and without the start of the process."""
    checks = [_forecourt(folder, "indicators", "check") for _ in range(max(runs, 5))]
    inside = [
        run([sys.executable, "-c", CHECK_INSIDE], {}, folder).output.split() for _ in range(max(runs, 5))
    ]
    seconds, derived = median([float(one[0]) for one in inside]), int(inside[0][1])
    remark = f"{derived:,} derived; {seconds:.2f} s without the start of the process"
    return _row("forecourt indicators check", checks, "0.5 s for 5,000 derived", remark)


Measure = Callable[[Path, str, int], Row | list[Row]]
ALL: tuple[Measure, ...] = (help_text, indicators_check, whole_run, parts)

"""dbt in this process: one build, told in short lines, with every failure named.

dbt's own output goes to ``<data>/dbt/logs/dbt.log``; its artifacts (``run_results.json``, compiled SQL) to
``<data>/dbt/target``.
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import ForecourtError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

Say = Callable[[str], None]

# What dbt calls a kind of node, and what people call many of them.
_KINDS = {
    "model": "models",
    "seed": "seeds",
    "snapshot": "snapshots",
    "test": "tests",
    "unit_test": "unit tests",
    "operation": "operations",
}
_BROKEN = {"error", "fail", "runtime error"}


@dataclass(frozen=True)
class BuildFailure:
    """One node that broke: ``where`` is the file to look at, ``message`` the first line of what the engine
    said.
    """

    name: str
    kind: str
    where: str
    message: str


@dataclass(frozen=True)
class BuildReport:
    """What one ``dbt build`` did. ``counts`` has the nodes that passed, by kind; ``seconds`` is wall-clock
    time.
    """

    counts: dict[str, int]
    seconds: float
    failures: list[BuildFailure] = field(default_factory=list)
    skipped: int = 0
    warnings: int = 0

    @property
    def is_ok(self) -> bool:
        """True where nothing broke."""
        return not self.failures


class BuildFailedError(ForecourtError):
    """dbt could not start, or nodes broke; ``report`` is None where it could not start."""

    def __init__(self, message: str, report: BuildReport | None = None) -> None:
        super().__init__(message)
        self.report = report


def dbt_arguments(settings: Settings, command: str, *more: str) -> list[str]:
    """The command line for dbt with this installation's folders. Raises ``ForecourtError`` where the project
    is missing.
    """
    if not (settings.dbt_project_dir / "dbt_project.yml").is_file():
        raise ForecourtError(
            f"There is no dbt project in {settings.dbt_project_dir}: run from a clone of the repository, "
            "or set FORECOURT_DBT_PROJECT_DIR."
        )
    folder = str(settings.dbt_project_dir)
    return [
        command,
        *("--project-dir", folder),
        *("--profiles-dir", folder),
        *("--target-path", str(settings.dbt_target_dir)),
        *("--log-path", str(settings.dbt_log_dir)),
        *("--threads", str(settings.dbt_threads)),
        *("--log-level", "none", "--log-level-file", "debug"),
        *more,
    ]


def build(
    settings: Settings,
    *,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
    kinds: Sequence[str] = (),
    variables: Mapping[str, object] | None = None,
    manifest: "Manifest | None" = None,
    full_refresh: bool = False,
    say: Say = lambda _line: None,
    on_node: Callable[[int, int], None] = lambda _done, _total: None,
) -> BuildReport:
    """Run ``dbt build`` and return what it did.

    ``kinds`` limits it to these kinds of node (``model``, ``seed``, ``test`` ...), ``variables`` override
    the project's, ``manifest`` is the project as parsed before. ``say`` hears about each node that broke,
    ``on_node`` how many of how many are done. Raises ``BuildFailedError`` where anything broke (what was
    built before it stays), ``KeyboardInterrupt`` where it was stopped.
    """
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    more = [*_list_option("--select", select), *_list_option("--exclude", exclude)]
    more += _list_option("--resource-type", kinds)
    if variables:
        more += ["--vars", json.dumps(variables)]
    if full_refresh:
        more.append("--full-refresh")
    arguments = dbt_arguments(settings, "build", *more)
    started = time.perf_counter()
    with warehouse_variable(settings):
        outcome = dbtRunner(manifest, callbacks=[_Progress(say, on_node)]).invoke(arguments)
    close_warehouse()
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    if not isinstance(outcome.result, RunExecutionResult):
        reason = str(outcome.exception or "no reason given").strip()
        raise BuildFailedError(
            f"dbt could not build: {reason}\nLook in {settings.dbt_log_dir / 'dbt.log'}."
        ) from (outcome.exception)
    report = _report(outcome.result.results, time.perf_counter() - started)
    if not report.is_ok:
        raise BuildFailedError(_summary(report, settings.dbt_log_dir), report)
    return report


def parse(settings: Settings, target_path: Path) -> Path:
    """Write dbt's manifest to ``target_path`` without opening the warehouse; return its file."""
    from dbt.cli.main import dbtRunner

    arguments = dbt_arguments(settings, "parse", "--target-path", str(target_path))
    with warehouse_variable(settings):
        outcome = dbtRunner().invoke(arguments)
    if not outcome.success:
        raise BuildFailedError(f"dbt could not read the project: {outcome.exception}")
    return target_path / "manifest.json"


class _Progress:
    """Listens to dbt's events: counts finished nodes and tells about broken ones as they break."""

    def __init__(self, say: Say, on_node: Callable[[int, int], None]) -> None:
        self._say = say
        self._on_node = on_node
        self._done = 0

    def __call__(self, event: Any) -> None:
        name = event.info.name
        if name == "LogStartLine":
            self._on_node(self._done, event.data.total)
        elif name == "NodeFinished":
            self._done += 1
            node = event.data.node_info
            if node.node_status in _BROKEN:
                self._say(f"  broken: {node.resource_type} {node.node_name}")


def _report(results: Sequence[Any], seconds: float) -> BuildReport:
    passed: Counter[str] = Counter()
    failures = []
    skipped = warnings = 0
    for result in results:
        status, node = str(result.status), result.node
        if status in _BROKEN:
            lines = (result.message or "").strip().splitlines() or ["no message"]
            where = getattr(node, "original_file_path", "")
            failures.append(
                BuildFailure(node.name, str(node.resource_type), where, " ".join(lines[:2]).strip())
            )
        elif status == "skipped":
            skipped += 1
        else:
            warnings += status == "warn"
            passed[_KINDS.get(str(node.resource_type), str(node.resource_type))] += 1
    return BuildReport(dict(passed), seconds, failures, skipped, warnings)


def _summary(report: BuildReport, log_dir: Path) -> str:
    """The broken nodes, one to a line, and where to look."""
    shown = report.failures[:20]
    lines = [f"  {one.kind} {one.name} ({one.where}): {one.message}" for one in shown]
    if len(report.failures) > len(shown):
        lines.append(f"  and {len(report.failures) - len(shown)} more")
    skipped = f", {report.skipped} left out because of it" if report.skipped else ""
    head = f"The build broke at {len(report.failures)} place(s){skipped}:"
    return "\n".join([head, *lines, f"What dbt said stands in {log_dir / 'dbt.log'}."])


def _list_option(name: str, values: Sequence[str]) -> list[str]:
    return [name, *values] if values else []


@contextmanager
def warehouse_variable(settings: Settings) -> Iterator[None]:
    """dbt's profile finds the warehouse by an environment variable; set it for the time of one call."""
    settings.dbt_target_dir.mkdir(parents=True, exist_ok=True)
    before = os.environ.get("FORECOURT_WAREHOUSE")
    os.environ["FORECOURT_WAREHOUSE"] = str(settings.warehouse)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FORECOURT_WAREHOUSE"]
        else:
            os.environ["FORECOURT_WAREHOUSE"] = before


def close_warehouse() -> None:
    """dbt-duckdb keeps the file open for the life of the process; the next step opens it in another mode."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()

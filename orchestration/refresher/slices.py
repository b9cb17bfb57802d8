"""dbt on a cut of the project: the nodes of one step, and what they refer to as leaves.

dbt writes, links and searches the whole of the project that it is given before it runs the first node: 1.5
seconds of processor time for this one, of which none has to do with the nodes that run. Given a cut of ten
nodes it starts in a tenth of a second. The parsed project is read once for the life of the process.
"""

import copy
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orchestration.dbt_build import BuildFailedError, _report, _summary, dbt_arguments
from orchestration.dbt_manifest import parsed_project
from orchestration.refresher.journal import LaneName
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb
    from dbt.contracts.graph.manifest import Manifest

_QUIET = ("--log-level-file", "none", "--no-write-json", "--no-use-colors")
# Which relations there are is asked for all schemas before the first node runs (threads that ask while
# they run spoil dbt's cache), or by each node for itself.
_CACHE = {"full": "--cache-selected-only", "live": "--no-populate-cache"}


class Slices:
    """dbt's parsed project, and runs of parts of it on the warehouse that stays open between them.

    Call it inside ``dbt_build.warehouse_variable``.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cuts: dict[tuple[frozenset[str], bool], Manifest] = {}

    @cached_property
    def project(self) -> "Manifest":
        """The whole project as dbt parsed it; kept on disk between processes."""
        return parsed_project(self._settings, self._settings.data_dir / "dbt" / "project", {})

    def ids(self, names: Iterable[str]) -> list[str]:
        """Ids of models by their names. Raises ``KeyError`` for one that there is not."""
        known = {
            node.name: unique_id
            for unique_id, node in self.project.nodes.items()
            if node.resource_type == "model"
        }
        return [known[name] for name in names]

    def run(self, ids: Sequence[str], lane: LaneName, *, threads: int = 1, hooks: bool = False) -> None:
        """Build these nodes in their order: ``lane`` is the project's variable, ``hooks`` those of its
        start and end. Raises ``BuildFailedError`` with what broke.
        """
        from dbt.artifacts.schemas.run import RunExecutionResult
        from dbt.cli.main import dbtRunner

        names = [".".join(self.project.nodes[one].fqn) for one in ids]
        arguments = dbt_arguments(
            self._settings,
            "build",
            *_QUIET,
            _CACHE[lane],
            *("--vars", json.dumps({"lane": lane})),
            *("--select", *names),
        )
        arguments[arguments.index("--threads") + 1] = str(threads)
        outcome = dbtRunner(self._cut(ids, hooks)).invoke(arguments)
        if isinstance(outcome.exception, KeyboardInterrupt):
            raise outcome.exception
        if not isinstance(outcome.result, RunExecutionResult):
            raise BuildFailedError(f"dbt could not build {', '.join(names[:5])}: {outcome.exception}")
        report = _report(outcome.result.results, 0.0)
        if not report.is_ok:
            raise BuildFailedError(_summary(report, self._settings.dbt_log_dir), report)

    def open(self) -> None:
        """Let dbt open the warehouse, with the tables in which models keep what they remember."""
        from dbt.cli.main import dbtRunner

        arguments = dbt_arguments(self._settings, "run-operation", *_QUIET, "create_indicator_state")
        outcome = dbtRunner(self._cut([], hooks=False)).invoke(arguments)
        if not outcome.success:
            raise BuildFailedError(f"dbt could not open {self._settings.warehouse}: {outcome.exception}")

    def connection(self) -> "duckdb.DuckDBPyConnection":
        """A cursor on the warehouse as dbt holds it; `open` or a run comes first."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        environment: Any = DuckDBConnectionManager._ENV
        cursor: duckdb.DuckDBPyConnection = environment.conn.cursor()
        cursor.execute("set timezone = 'UTC'")
        return cursor

    def _cut(self, ids: Sequence[str], hooks: bool) -> "Manifest":
        key = (frozenset(ids), hooks)
        if key not in self._cuts:
            self._cuts[key] = cut(self.project, ids, hooks)
        if len(self._cuts) > 64:
            self._cuts.pop(next(iter(self._cuts)))
        return self._cuts[key]


def cut(project: "Manifest", ids: Sequence[str], hooks: bool) -> "Manifest":
    """A project of the nodes ``ids`` and, as leaves that nothing can be asked of, what they refer to."""
    from dbt.contracts.graph.manifest import Manifest

    inner = set(ids)
    if hooks:
        inner |= {one for one, node in project.nodes.items() if node.resource_type == "operation"}
    reached = inner | {parent for one in inner for parent in parents(project, one)}
    made = Manifest(
        nodes={
            one: node if one in inner else _leaf(node)
            for one, node in project.nodes.items()
            if one in reached
        },
        sources={one: node for one, node in project.sources.items() if one in reached},
        macros=project.macros,
        docs=project.docs,
        groups=project.groups,
        metadata=project.metadata,
        selectors=project.selectors,
    )
    made.build_flat_graph()
    return made


def parents(project: "Manifest", unique_id: str) -> list[str]:
    """What a node refers to; nothing for a seed."""
    return list(getattr(project.nodes[unique_id].depends_on, "nodes", []))


def children(project: "Manifest") -> Mapping[str, list[str]]:
    """By node or source the models, tests and seeds that refer to it."""
    found: dict[str, list[str]] = {}
    for one in project.nodes:
        for parent in parents(project, one):
            found.setdefault(parent, []).append(one)
    return found


def _leaf(node: Any) -> Any:
    leaf = copy.copy(node)
    if getattr(node.depends_on, "nodes", None):
        leaf.depends_on = type(node.depends_on)(macros=node.depends_on.macros, nodes=[])
    return leaf

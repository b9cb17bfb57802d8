"""What has to be built anew: from the raw tables that changed, along the models whose content changed."""

import hashlib
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING, Any

from orchestration.dbt_build import close_warehouse, warehouse_variable
from orchestration.dbt_manifest import keep_project
from orchestration.refresher.slices import Slices, children, parents
from orchestration.settings import Settings

if TYPE_CHECKING:
    import duckdb

_STATE = """
    create schema if not exists indicator_state;
    create table if not exists indicator_state.node_state (unique_id varchar primary key, content varchar)
"""


class Changes:
    """The models that a full pass has still to build, and what it has found out. Not used again after
    `close`.
    """

    def __init__(self, slices: Slices) -> None:
        self._slices, self._project = slices, slices.project
        self._children = children(self._project)
        connection = slices.connection()
        connection.execute(_STATE)
        self._kept = dict(connection.execute("from indicator_state.node_state").fetchall())
        self._found: dict[str, str] = {"project": _definition(self._project)}
        self._changed: set[str] = set()
        self._pending: set[str] = set()
        for one in self._project.sources:
            self._compare(connection, one)
        if self._kept.get("project") != self._found["project"]:
            self._pending = set(self._models)

    @cached_property
    def _models(self) -> list[str]:
        """Seeds and models in an order in which none comes before its parents."""
        found = {
            one: None
            for one, node in self._project.nodes.items()
            if node.resource_type in ("model", "seed") and node.config.enabled
        }
        order: dict[str, None] = {}

        def visit(one: str) -> None:
            for parent in parents(self._project, one):
                if parent in found and parent not in order:
                    visit(parent)
            order[one] = None

        for one in found:
            if one not in order:
                visit(one)
        return list(order)

    @cached_property
    def _ancestors(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one in self._models:
            above = [parent for parent in parents(self._project, one) if parent in found]
            found[one] = {*above, *(grand for parent in above for grand in found[parent])}
        return found

    def ready(self) -> list[str]:
        """Models that have to be built and wait for no other one. Views follow what they read by
        themselves: what changed above them has changed for their children.
        """
        project_changed = self._kept.get("project") != self._found["project"]
        while not project_changed:
            views = [
                one
                for one in self._pending
                if self._project.nodes[one].config.materialized in ("view", "ephemeral")
            ]
            if not views:
                break
            for one in views:
                self._pending.discard(one)
                self._mark(one)
        return [
            one for one in self._models if one in self._pending and not self._ancestors[one] & self._pending
        ]

    def built(self, ids: list[str]) -> None:
        """Note what was built, and what that means for the models that read it."""
        connection = self._slices.connection()
        self._pending -= set(ids)
        for one in ids:
            self._compare(connection, one)
        self._pending -= set(ids)

    def waits(self, ids: Collection[str]) -> list[str]:
        """Those of the models that have still to be built."""
        return [one for one in ids if one in self._pending]

    def tests(self) -> list[str]:
        """The tests on everything that changed."""
        return [
            one
            for one, node in self._project.nodes.items()
            if node.resource_type == "test" and self._changed & set(parents(self._project, one))
        ]

    def is_settled(self, test: str) -> bool:
        """Is all that a test reads what it will be at the end of the pass?"""
        read = set(parents(self._project, test))
        return not self._pending & read.union(*(self._ancestors.get(one, ()) for one in read))

    def remember(self) -> None:
        """Take everything as it stands for what was built."""
        connection = self._slices.connection()
        self._found |= {one: _content(connection, self._node(one)) for one in self._models}
        self.close()

    def close(self) -> None:
        """The pass has ended: the next one begins with what changes from now on."""
        connection = self._slices.connection()
        connection.execute("begin")
        connection.executemany(
            "insert or replace into indicator_state.node_state values (?, ?)", list(self._found.items())
        )
        connection.execute("commit")

    def _compare(self, connection: "duckdb.DuckDBPyConnection", one: str) -> None:
        content = _content(connection, self._node(one))
        self._found[one] = content
        if content != self._kept.get(one):
            self._mark(one)

    def _mark(self, one: str) -> None:
        self._changed.add(one)
        self._pending |= {child for child in self._children.get(one, []) if child in self._order}

    @cached_property
    def _order(self) -> frozenset[str]:
        return frozenset(self._models)

    def _node(self, one: str) -> Any:
        return self._project.sources.get(one) or self._project.nodes[one]


def note(slices: Slices, what: str, content: str | None) -> None:
    """Remember something of the pass that is under way, beyond the life of this process; None forgets it."""
    connection = slices.connection()
    connection.execute(_STATE)
    connection.execute("delete from indicator_state.node_state where unique_id = ?", [what])
    if content is not None:
        connection.execute("insert into indicator_state.node_state values (?, ?)", [what, content])


def noted(slices: Slices, what: str) -> str | None:
    """What `note` has kept; None where there is nothing."""
    connection = slices.connection()
    connection.execute(_STATE)
    query = "select content from indicator_state.node_state where unique_id = ?"
    found = connection.execute(query, [what]).fetchone()
    return str(found[0]) if found else None


def has_news(slices: Slices, but: str) -> bool:
    """Is a raw table, outside of the schema ``but``, another than when the last full pass ended?"""
    connection = slices.connection()
    connection.execute(_STATE)
    kept = dict(connection.execute("from indicator_state.node_state").fetchall())
    return any(
        kept.get(one) != _content(connection, node)
        for one, node in slices.project.sources.items()
        if node.schema != but and node.identifier != "load_audit"  # a load that brought nothing writes it too
    )


def remember_build(settings: Settings) -> None:
    """After a build of the whole project: a full pass begins with what changes from now on."""
    folder = settings.data_dir / "dbt" / "project"
    keep_project(settings, folder, {})
    with warehouse_variable(settings):
        slices = Slices(settings)
        slices.open()
        Changes(slices).remember()
    close_warehouse()


def is_built(slices: Slices) -> bool:
    """Did a full pass end with the project as it is now?"""
    connection = slices.connection()
    connection.execute(_STATE)
    kept = connection.execute(
        "select content from indicator_state.node_state where unique_id = 'project'"
    ).fetchall()
    return kept == [(_definition(slices.project),)]


def _content(connection: "duckdb.DuckDBPyConnection", node: Any) -> str:
    """What tells a table from what it was: of a raw table its rows and last load, of a model all its rows."""
    import duckdb

    relation = f'"{node.schema}"."{getattr(node, "identifier", None) or node.alias}"'
    if node.resource_type == "source":
        query = f"select count(*) || ' ' || coalesce(max(_dlt_load_id), '') from {relation}"
    elif node.config.materialized in ("view", "ephemeral"):
        return ""
    else:
        query = f"select count(*) || ' ' || coalesce(sum(hash(row_)), 0) from {relation} as row_"
    try:
        return str(connection.execute(query).fetchall()[0][0])
    except duckdb.BinderException:  # a table of ours, without loads: all its rows
        query = f"select count(*) || ' ' || coalesce(sum(hash(row_)), 0) from {relation} as row_"
        return str(connection.execute(query).fetchall()[0][0])
    except duckdb.CatalogException:  # not built yet
        return "missing"


def _definition(project: Any) -> str:
    """Changes with any model, macro or seed of the project."""
    parts = [node.checksum.checksum for node in project.nodes.values()]
    parts += [macro.macro_sql for macro in project.macros.values()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

"""Column lineage over SQL texts: which columns a column was computed from, back to the source systems.

Pure: relations in (SQL texts, declared columns), a graph out; no database and no dbt. sqlglot parses each
text once, in the order of dependence, so that `select *` finds the columns of the models before it. A
relation that cannot be parsed (Python) declares its lineage; one that does neither ends the walk and says so.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

Kind = Literal["source", "seed", "model", "python"]
ROWS = "*"  # the name of a column that stands for a relation's rows, as count(*) reads them
_MAP = re.compile(r"\b(as )?map(\.| *\n| on\b)", re.IGNORECASE)
_LAST_COMMA = re.compile(r"\),(\s*)select\b", re.IGNORECASE)


class Column(NamedTuple):
    """A column of a relation; `relation` is `schema.table`."""

    relation: str
    name: str

    def __str__(self) -> str:
        return f"{self.relation}.{self.name}"


@dataclass(frozen=True)
class Relation:
    """A table of the project. `name` is `schema.table`; `reads` are the relations that its text names.

    `columns` are needed where there is no SQL to read them from; `declared` is the lineage of a Python
    model: column -> `schema.table.column` texts.
    """

    name: str
    kind: Kind
    sql: str = ""
    columns: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    declared: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Lineage:
    """The graph: the parents of each column, the kind of each relation, and what could not be read."""

    parents: Mapping[Column, tuple[Column, ...]]
    kinds: Mapping[str, Kind]
    problems: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def children(self) -> dict[Column, list[Column]]:
        """The columns that were computed from each column."""
        found: defaultdict[Column, list[Column]] = defaultdict(list)
        for child, parents in self.parents.items():
            for parent in parents:
                found[parent].append(child)
        return dict(found)

    def sources(self, columns: Iterable[Column]) -> list[Column]:
        """The source systems' columns (and seeds') that `columns` come from, in the order of their names."""
        ends = ("source", "seed")
        return sorted(column for column in self.upstream(columns) if self.kinds.get(column.relation) in ends)

    def upstream(self, columns: Iterable[Column]) -> list[Column]:
        """`columns` and everything before them, each once, the nearest first."""
        return list(_walk(columns, self.parents))

    def downstream(self, columns: Iterable[Column]) -> list[Column]:
        """`columns` and everything computed from them, each once, the nearest first."""
        return list(_walk(columns, self.children))

    def to_json(self) -> str:
        """The graph as JSON, for `from_json`."""
        parents = {str(column): [str(parent) for parent in found] for column, found in self.parents.items()}
        return json.dumps({"parents": parents, "kinds": dict(self.kinds), "problems": dict(self.problems)})

    @classmethod
    def from_json(cls, text: str) -> Lineage:
        """The graph that `to_json` wrote."""
        data = json.loads(text)
        parents = {to_column(k): tuple(map(to_column, v)) for k, v in data["parents"].items()}
        return cls(parents, data["kinds"], data["problems"])


def to_column(text: str) -> Column:
    """`schema.table.column` as a Column."""
    relation, _, name = text.rpartition(".")
    return Column(relation, name)


def column_lineage(relations: Sequence[Relation]) -> Lineage:
    """The lineage of every column of `relations`; about 4 ms for each model."""
    schema: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    parents: dict[Column, tuple[Column, ...]] = {}
    problems: dict[str, str] = {}
    for relation in _in_order(relations):
        if relation.kind == "model":
            found = _of_sql(relation, schema, problems)
        else:
            declared = {name: tuple(map(to_column, texts)) for name, texts in relation.declared.items()}
            found = {name: declared.get(name, ()) for name in (*relation.columns, *declared)}
        parents |= {Column(relation.name, name): origin for name, origin in found.items()}
        parents[Column(relation.name, ROWS)] = _rows_of(relation, problems)
        schema_name, _, table = relation.name.partition(".")
        schema[schema_name][table] = dict.fromkeys(found, "varchar")
    return Lineage(parents, {relation.name: relation.kind for relation in relations}, problems)


def _of_sql(
    relation: Relation, schema: Mapping[str, Mapping[str, Mapping[str, str]]], problems: dict[str, str]
) -> dict[str, tuple[Column, ...]]:
    try:
        nodes = lineage(None, _without_catalogs(relation.sql), dict(schema), dialect="duckdb", copy=False)
    except SqlglotError as error:
        problems[relation.name] = str(error).strip().splitlines()[0]
        return dict.fromkeys(relation.columns, ())
    return {name: _leaves(node) for name, node in nodes.items()}


def _without_catalogs(sql: str) -> exp.Expr:
    """The query with `schema.table` names only: the database's name differs between installations."""
    tree = sqlglot.parse_one(_readable(sql), dialect="duckdb")
    for table in tree.find_all(exp.Table):
        table.set("catalog", None)
    return tree


def _rows_of(relation: Relation, problems: Mapping[str, str]) -> tuple[Column, ...]:
    """Whose rows a relation's rows are; of a text that cannot be parsed, all that it reads."""
    names = relation.reads
    if relation.kind == "model" and relation.name not in problems:
        names = tuple(sorted(_tables(_without_catalogs(relation.sql))))
    return tuple(Column(name, ROWS) for name in names)


def _readable(sql: str) -> str:
    """What DuckDB takes and sqlglot (30.30) does not: a table called `map`, a comma after the last CTE."""
    return _LAST_COMMA.sub(r")\1select", _MAP.sub(r"\1map_\2", sql))


def _leaves(node: object) -> tuple[Column, ...]:
    found = set()
    for one in node.walk():  # type: ignore[attr-defined]
        table = one.expression
        if isinstance(table, exp.Table) and table.db:
            found.add(Column(f"{table.db}.{table.name}", one.name.rpartition(".")[2].strip('"')))
        elif any(isinstance(count.this, exp.Star) for count in table.find_all(exp.Count)):
            found |= {Column(name, ROWS) for name in _tables(one.source)}
    return tuple(sorted(found))


def _tables(query: exp.Expr) -> set[str]:
    """The relations whose rows become a query's rows: what stands after `from`, through CTEs and unions."""
    ctes = {cte.alias: cte.this for cte in query.root().find_all(exp.CTE)}
    found, queue, seen = set(), [query], set()
    while queue:
        node = queue.pop()
        if isinstance(node, exp.Table) and node.db:
            found.add(f"{node.db}.{node.name}")
        elif isinstance(node, exp.Table) and node.name in ctes and node.name not in seen:
            seen.add(node.name)
            queue.append(ctes[node.name])
        elif isinstance(node, exp.Select):
            clause = node.args.get("from_") or node.args.get("from")
            queue += [clause.this] if clause else []
        elif isinstance(node, exp.SetOperation):
            queue += [node.left, node.right]
        elif isinstance(node, exp.Subquery):
            queue.append(node.this)
    return found


def _in_order(relations: Sequence[Relation]) -> Iterator[Relation]:
    """Each relation after those that it reads."""
    by_name = {relation.name: relation for relation in relations}
    done: set[str] = set()

    def visit(relation: Relation) -> Iterator[Relation]:
        if relation.name in done:
            return
        done.add(relation.name)
        for name in relation.reads:
            if name in by_name:
                yield from visit(by_name[name])
        yield relation

    for relation in relations:
        yield from visit(relation)


def _walk(columns: Iterable[Column], edges: Mapping[Column, Sequence[Column]]) -> Iterator[Column]:
    queue, seen = list(columns), set()
    while queue:
        column = queue.pop(0)
        if column not in seen:
            seen.add(column)
            yield column
            queue.extend(edges.get(column, ()))

"""What is known about an indicator from the registry, the dbt project and the readers' code, as one record.

`forecourt indicators explain` shows it; before a publish every indicator's is written to
`raw_governance.indicator_detail`, for the dictionary.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from indicators.columns import FactColumn, fact_columns
from indicators.dictionary import formula_tree
from indicators.drivers import tree
from indicators.headline import headline
from indicators.lineage import Column, Lineage
from indicators.lookup import resolve
from indicators.planner import plan
from indicators.registry import Registry
from indicators.tables import tables
from indicators.usage import users
from orchestration.governance.lineage import Manifest
from orchestration.governance.readers import Readers

# Any day: the SQL is shown, not run.
_SHOWN_DAY = date(2026, 9, 30)


@dataclass(frozen=True)
class Origin:
    """A column of a fact that an operand reads: its part in it, the models behind it, the source columns."""

    operand: str
    column: str
    role: str
    models: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class UsedBy:
    """Who would see a change of the indicator."""

    composites: tuple[str, ...]
    named: tuple[str, ...]
    derived_cnt: int
    driver_trees: tuple[str, ...]
    models: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Detail:
    """Everything about a written indicator that is not in the registry itself."""

    code: str
    formula_tree: dict[str, Any]
    query_sql: str
    tables: tuple[str, ...]
    origins: tuple[Origin, ...]
    test_names: tuple[str, ...]
    used_by: UsedBy

    def row(self) -> list[Any]:
        """The row of `raw_governance.indicator_detail`."""
        origins = json.dumps([asdict(origin) for origin in self.origins], ensure_ascii=False)
        return [
            self.code,
            json.dumps(self.formula_tree, ensure_ascii=False),
            self.query_sql,
            list(self.tables),
            origins,
            list(self.test_names),
            json.dumps(asdict(self.used_by), ensure_ascii=False),
        ]


class Details:
    """Details of any code, from one registry, one lineage, one manifest and one reading of the pages."""

    def __init__(self, registry: Registry, lineage: Lineage, manifest: Manifest, readers: Readers) -> None:
        self._registry = registry
        self._lineage = lineage
        self._readers = readers
        self._schemas = {name.partition(".")[2]: name for name in lineage.kinds}
        self._tests = _tests_by_model(manifest)
        self._trees = {code: set(tree(registry, code).codes) for code in registry.drivers}

    def of(self, code: str) -> Detail:
        """The details of a written code, or of a generated one's base."""
        base = resolve(self._registry, code).base
        stored = self._tables(base)
        facts = list(dict.fromkeys(origin.column.rpartition(".")[0] for origin in self._origins(base)))
        models = [name.partition(".")[2] for name in facts] + [name for name, _ in stored]
        return Detail(
            code=code,
            formula_tree=asdict(formula_tree(self._registry, base)),
            query_sql=plan(self._registry, headline(self._registry, code, _SHOWN_DAY).now).sql,
            tables=tuple(dict.fromkeys(name for name, _ in stored)),
            origins=tuple(self._origins(base)),
            test_names=tuple(sorted({test for model in models for test in self._tests.get(model, ())})),
            used_by=self._used_by(code, base, stored),
        )

    def _tables(self, base: str) -> list[tuple[str, str]]:
        """(table, operand) for every table that holds an operand."""
        registry = self._registry
        return [
            (table.name, operand)
            for operand in registry.operands(base)
            for table in tables(registry, registry.process_of[operand])
            if operand in table.measures
        ]

    def _origins(self, base: str) -> list[Origin]:
        return [
            self._origin(operand, read)
            for operand in self._registry.operands(base)
            for read in fact_columns(self._registry, operand)
        ]

    def _origin(self, operand: str, read: FactColumn) -> Origin:
        relation = self._schemas.get(read.model, f"core.{read.model}")
        column = Column(relation, read.name)
        above = self._lineage.upstream([column])
        sources = map(str, self._lineage.sources([column]))
        between = dict.fromkeys(
            one.relation for one in above if self._lineage.kinds.get(one.relation) in ("model", "python")
        )
        return Origin(operand, str(column), read.role, tuple(between), tuple(sources))

    def _used_by(self, code: str, base: str, stored: list[tuple[str, str]]) -> UsedBy:
        found = users(self._registry, code, self._trees)
        starts = [Column(self._schemas.get(table, table), operand) for table, operand in stored]
        models = sorted(
            {
                column.relation.partition(".")[2]
                for column in self._lineage.downstream(starts)
                if column.relation.startswith("serving.")
            }
        )
        is_own = code == base  # what is computed from a base's columns is not for that a user of its names
        pages = {*self._readers.naming(code), *(self._readers.showing(models) if is_own else ())}
        return UsedBy(
            found.composites,
            found.named,
            found.derived_cnt,
            found.trees,
            tuple(models) if is_own else (),
            tuple(sorted(pages)),
        )


def _tests_by_model(manifest: Manifest) -> dict[str, list[str]]:
    """Model name -> names of the dbt tests on it."""
    found: dict[str, list[str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test":
            for parent in node["depends_on"]["nodes"]:
                found.setdefault(parent.rpartition(".")[2], []).append(node["name"])
    return found

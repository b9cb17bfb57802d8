"""The small registry's cubes, built by DuckDB from facts with the SQL that the compiler wrote."""

import re
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from typing import Any

import duckdb

from indicators.compile import compile_registry
from indicators.planner import Request, plan
from indicators.registry import Registry


@dataclass(frozen=True)
class Lead:
    lead_id: str
    one_id: str | None
    dealer_id: str | None
    region_code: str | None
    channel: str | None
    created_on: date | None
    created_at: datetime
    is_counted: bool
    visited_at: datetime | None
    spend_amt: float | None


@dataclass(frozen=True)
class Visit:
    visit_id: str
    one_id: str | None
    dealer_id: str | None
    region_code: str | None
    arrived_on: date
    has_test_drive: bool


TIERS = {"D1": "A", "D2": "B", "D3": "A"}
_TYPES = {"created_on": "date", "arrived_on": "date", "spend_amt": "decimal(18, 2)"}
_REF = re.compile(r"\{\{ ref\('(\w+)'\) \}\}")


def _type(name: str) -> str:
    if name.endswith("_at"):
        return "timestamp"
    return _TYPES.get(name, "boolean" if name.startswith(("is_", "has_")) else "varchar")


class CubeWorld:
    """An in-memory DuckDB with `core` facts, `indicators` cubes and the `serving` tables that are reached."""

    def __init__(self, registry: Registry):
        self.registry = registry
        self.connection = duckdb.connect()
        self.run("set timezone = 'UTC'")
        for schema in ("core", "indicators", "serving"):
            self.run(f"create schema {schema}")
        self.run("create table serving.srv_dealer (dealer_id varchar, tier varchar, region_code varchar)")
        for dealer, tier in TIERS.items():
            self.run("insert into serving.srv_dealer values (?, ?, 'elsewhere')", [dealer, tier])
        self.run("create table serving.srv_as_of (source varchar, as_of_on date)")
        for name, row in (("fct_lead", Lead), ("fct_visit", Visit)):
            columns = ", ".join(f"{field.name} {_type(field.name)}" for field in fields(row))
            self.run(f"create table core.{name} ({columns})")
        self.models = {
            path.rsplit("/", 1)[1].removesuffix(".sql"): _REF.sub(r"core.\1", text)
            for path, text in compile_registry(registry).items()
            if path.endswith("_1d.sql")
        }

    def run(self, sql: str, params: Any = None) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(sql, params)

    def build(self, leads: list[Lead], visits: list[Visit], as_of: date | None = None) -> None:
        """Replace the facts and build every cube from them."""
        for table, rows in (("core.fct_lead", leads), ("core.fct_visit", visits)):
            self.run(f"delete from {table}")
            if rows:
                places = ", ".join("?" for _ in fields(rows[0]))
                self.connection.executemany(
                    f"insert into {table} values ({places})", [astuple(row) for row in rows]
                )
        self.run(
            """
            create or replace table core.dim_customer as
            select one_id, row_number() over (order by one_id) as person_no
            from (select one_id from core.fct_lead union select one_id from core.fct_visit)
            where one_id is not null
            """
        )
        for name, sql in self.models.items():
            self.run(f"create or replace table indicators.{name} as {sql}")
        self.run("delete from serving.srv_as_of")
        self.run("insert into serving.srv_as_of values ('crm', ?)", [as_of])

    def ask(self, request: Request) -> list[dict[str, Any]]:
        """Plan a request and run it; the plan's columns are the result's."""
        planned = plan(self.registry, request)
        result = self.run(planned.sql, planned.params)
        columns = [column[0] for column in result.description or []]
        assert tuple(columns) == planned.columns
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

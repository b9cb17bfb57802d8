"""What happens to the live lane: events in any order, people that OneID merges and splits, passes of both
lanes.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from ingestion.collector.segments import Segment
from ingestion.live.load import LiveLoader
from ingestion.live.waiting import waiting_segments

FACTS = ("fct_app_event",)
CUBES = ("ind_app_1d", "ind_app_person_1d")
FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
TABLES = {
    "identity.event_type": "event_name varchar, domain varchar",
    "identity.id_map": "source varchar, entity varchar, source_key varchar, one_id varchar",
    "core.dim_customer": "one_id varchar, person_no bigint, first_seen_at timestamptz, first_seen_on date, "
    "first_seen_in varchar, record_cnt bigint, source_cnt bigint, is_company boolean, has_email boolean, "
    "has_phone boolean, is_in_crm_leads boolean, has_card boolean, has_app_account boolean, "
    "is_in_workshop boolean, is_subscriber boolean, is_test boolean, is_anonymous boolean",
}


@dataclass
class Project:
    """The live lane's models, parsed once for all tests of a process."""

    folder: Path
    dbt: dbtRunner
    arguments: list[str]

    def run(self, lane: str, names: Sequence[str], *more: str) -> dict[str, str]:
        """Run models in a lane; returns their SQL as dbt compiled it."""
        variables = json.dumps({"lane": lane})
        selected = ["--vars", variables, "--select", *names, *more]
        done = self.dbt.invoke(["run", *self.arguments, *selected])
        results = done.result.results if done.result else []
        assert done.success, (done.exception, [one.message for one in results])
        return {one.node.name: one.node.compiled_code for one in results if one.node.resource_type == "model"}


class World:
    """The warehouse of one sequence, empty at the start."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.landing = project.folder / "landing"
        shutil.rmtree(self.landing, ignore_errors=True)
        project.run("full", ["stg_app__event"])  # opens the warehouse
        for table in ("raw_app.event", "raw_app.load_audit", "raw_app.rejected_row", "raw_app.segment"):
            self.run(f"drop table if exists {table}" if table.endswith("segment") else f"delete from {table}")
        for table in ("day_fingerprint", "restatement", "load_mark"):
            self.run(f"delete from indicator_state.{table}")
        self.run("drop schema if exists indicators cascade; drop schema if exists core cascade")
        self.run("create schema if not exists identity; create schema core")
        for name, columns in TABLES.items():
            self.run(f"create or replace table {name} ({columns})")
        self.run(
            "insert into identity.event_type values "
            "('screen_viewed', 'app'), ('account_registered', 'app'), ('order_signed', 'showroom')"
        )
        self.loader = LiveLoader(DuckDBConnectionManager._ENV.conn.cursor())
        self.full()

    def run(self, sql: str, params: Any = None) -> duckdb.DuckDBPyConnection:
        """Execute on the connection that dbt holds."""
        cursor = DuckDBConnectionManager._ENV.conn.cursor()
        cursor.execute("set timezone = 'UTC'")
        return cursor.execute(sql, params)

    def send(self, events: Sequence[dict[str, Any]]) -> None:
        """Seal events into a segment and load it."""
        segment = Segment(self.landing / "normal")
        segment.append([json.dumps(one).encode() + b"\n" for one in events])
        segment.seal()
        self.loader.load(waiting_segments(self.landing))

    def live(self, names: Sequence[str] = (*FACTS, *CUBES)) -> None:
        """A pass of the live lane."""
        self.project.run("live", names)

    def full(self, *more: str) -> None:
        """What a pass of the full lane does with these models; keeps what a rebuild would hold."""
        self.rebuilds = self.project.run("full", (*FACTS, *CUBES), *more)

    def know(self, one_id: str, keys: Sequence[tuple[str, str]], person_no: int) -> None:
        """OneID says whose accounts and devices these are. Takes effect with the next full pass."""
        for entity, key in keys:
            self.run("delete from identity.id_map where entity = ? and source_key = ?", [entity, key])
            self.run("insert into identity.id_map values ('app', ?, ?, ?)", [entity, key, one_id])
        self.run("delete from core.dim_customer where person_no < 0 or one_id = ?", [one_id])
        self.run("insert into core.dim_customer (one_id, person_no) values (?, ?)", [one_id, person_no])

    def differing(self, names: Sequence[str]) -> list[str]:
        """Those of the models that are not what their SQL gives on the tables as they stand."""
        both = "(from {0} except all by name from ({1})) union all (from ({1}) except all by name from {0})"
        both = both.replace(" by name", "")
        schema = {**dict.fromkeys(FACTS, "core"), **dict.fromkeys(CUBES, "indicators")}
        return [
            name
            for name in names
            if self.run(
                f"select 1 from ({both.format(f'{schema[name]}.{name}', self.rebuilds[name])}) limit 1"
            ).fetchall()
        ]

    def nobody(self) -> list[Any]:
        """Events whose account or device is told and that count for nobody."""
        return self.run(
            "select event_id from core.fct_app_event as event "
            "left join core.dim_customer as person on event.one_id = person.one_id "
            "where person.person_no is null and (account_key is not null or device_key is not null)"
        ).fetchall()

    def totals(self) -> dict[date, int]:
        """Events of each day, as readers see them."""
        return dict(self.run("select stat_date, app_event_cnt from indicators.ind_app_1d").fetchall())

    def published_until(self) -> date | None:
        """The last day that the cube of events knew when it was written: a day before it is published."""
        found = self.run(
            "select max(stat_date) from indicator_state.day_fingerprint where table_name = 'ind_app_1d' "
            "and stat_date <= cast(written_at as date)"
        ).fetchall()
        return found[0][0]

    def logged(self) -> dict[date, float]:
        """The last value that the log of restatements gives each day."""
        rows = self.run(
            "select stat_date, value_after from indicator_state.restatement "
            "where indicator_code = 'app_event_cnt' order by rowid"
        ).fetchall()
        return dict(rows)


def event(number: int, name: str, day: int, account: str | None, device: str | None) -> dict[str, Any]:
    """An event that keeps its contract; ``day`` counts from the first."""
    at = (FIRST_DAY + timedelta(days=day)).isoformat()
    properties = {"session_id": "s1", "screen": "home"} if name == "screen_viewed" else {"channel": "web"}
    return {
        "messageId": f"message-{number:06d}",
        "type": "track",
        "event": name,
        "userId": account,
        "anonymousId": device,
        "timestamp": at,
        "receivedAt": at,
        "properties": properties,
    }

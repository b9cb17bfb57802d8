"""The CRM from a real PostgreSQL: the same source with only the URL changed."""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from ingestion.contracts import load_contracts
from ingestion.demo import write_world
from tests.unit.ingestion.systems import row, rows, utc, write_database
from tests.unit.ingestion.warehouses import Warehouse

pytestmark = pytest.mark.postgres
FORMATS = {"date-time": "timestamptz", "date": "date"}
KINDS = {"integer": "integer", "number": "numeric(14, 4)", "text": "text"}


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A PostgreSQL server on a socket in its own folder; root has to start it as another user.

    The folder is outside pytest's, which each session of pytest closes to other users when it starts.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    place = Path(tempfile.mkdtemp(prefix="forecourt-postgres-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {p.pw_name for p in pwd.getpwall()})
        shutil.chown(place, user)
        as_user = ["runuser", "-u", user, "--"]

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), "-D", str(place / "data"), *arguments]
        subprocess.run(command, check=True, cwd=place, stdout=subprocess.DEVNULL)

    run("initdb", "--auth=trust", "--username=tester", "--encoding=UTF8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories='{place}' -c fsync=off"
    run("pg_ctl", "-w", "-l", str(place / "log"), "-o", options, "start")
    try:
        yield place
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(place)


@pytest.fixture
def database(server: Path, request: pytest.FixtureRequest) -> str:
    """A fresh database with the CRM's tables in proper types; answers with psycopg's connection string."""
    name = f"crm_{abs(hash(request.node.name))}"
    with psycopg.connect(f"host={server} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    address = f"host={server} user=tester dbname={name}"
    with psycopg.connect(address) as connection:
        for entity, contract in load_contracts("crm").items():
            columns = ", ".join(
                f'"{column}" {FORMATS.get(prop.get("format"), KINDS[contract.columns[column]])}'
                for column, prop in contract.schema["properties"].items()
            )
            key = ", ".join(contract.primary_key)
            connection.execute(f'create table "{entity}" ({columns}, primary key ({key}))')
    return address


def fill(address: str, entity: str, given: list[dict]) -> None:
    if not given:
        return
    names, marks = ", ".join(f'"{name}"' for name in given[0]), ", ".join(["%s"] * len(given[0]))
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.executemany(
            f'insert into "{entity}" ({names}) values ({marks})', [list(one.values()) for one in given]
        )


def url(address: str) -> str:
    parts = dict(part.split("=", 1) for part in address.split())
    return f"postgresql+psycopg://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


def instants(content: dict[str, list]) -> dict[str, list]:
    """The content with times as instants: the two engines may write the same time in two ways."""

    def plain(value: object) -> object:
        try:
            return datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value
        except ValueError:
            return value

    return {
        entity: [{name: plain(value) for name, value in one.items()} for one in given]
        for entity, given in content.items()
        if entity != "rejected_row"
    }


def tiny_crm(folder: Path) -> dict[str, list[dict]]:
    """The rows of the tiny world's CRM that keep their contracts: typed columns would not take the others."""
    write_world(folder, "tiny", 7, date(2026, 10, 31))
    connection = sqlite3.connect(folder / "crm.sqlite")
    connection.row_factory = sqlite3.Row
    given = {}
    for entity, contract in load_contracts("crm").items():
        everything = (dict(one) for one in connection.execute(f'select * from "{entity}"'))
        given[entity] = [one for one in everything if contract.accepts(one)]
    connection.close()
    return given


def test_postgres_gives_the_same_raw_tables_as_sqlite(
    tmp_path: Path, warehouse: Warehouse, database: str
) -> None:
    given = tiny_crm(tmp_path / "world")
    for entity, some in given.items():
        fill(database, entity, some)
    counts = warehouse.load_ok("crm", crm_url=write_database(tmp_path / "crm.sqlite", "crm", given))
    other = Warehouse(tmp_path / "from-postgres")
    assert other.load_ok("crm", crm_url=url(database)) == counts
    assert counts["lead"][1] > 3000
    assert instants(other.content("crm")) == instants(warehouse.content("crm"))


def test_postgres_is_read_incrementally(warehouse: Warehouse, database: str) -> None:
    fill(database, "lead", rows("crm", "lead", 20))
    assert warehouse.load_ok("crm", crm_url=url(database)) == {"lead": (20, 20, 0, 0)}
    assert warehouse.load_ok("crm", crm_url=url(database)) == {}
    fill(database, "lead", [row("crm", "lead", 20), row("crm", "lead", 30, updated_at=utc(19))])
    with psycopg.connect(database) as connection:
        connection.execute(
            "update lead set updated_at = '2025-03-02 00:00:00.25+00' where lead_id = 'L00000000'"
        )
    assert warehouse.load_ok("crm", crm_url=url(database)) == {"lead": (3, 3, 0, 0)}
    assert warehouse.rows("raw_crm.lead")[0]["updated_at"] == "2025-03-02T00:00:00.250000Z"


def test_a_transaction_that_commits_after_a_later_one_was_loaded_is_not_lost(
    warehouse: Warehouse, database: str
) -> None:
    def insert(connection: psycopg.Connection, i: int, seconds_ago: int) -> None:
        given = row("crm", "lead", i)
        given["updated_at"] = datetime.now(UTC) - timedelta(seconds=seconds_ago)
        names, marks = ", ".join(f'"{name}"' for name in given), ", ".join(["%s"] * len(given))
        connection.execute(f"insert into lead ({names}) values ({marks})", list(given.values()))

    with psycopg.connect(database) as slow:
        insert(slow, 1, seconds_ago=60)
        with psycopg.connect(database) as quick:
            insert(quick, 2, seconds_ago=0)
        assert warehouse.load_ok("crm", crm_url=url(database)) == {"lead": (1, 1, 0, 0)}
    assert warehouse.load_ok("crm", crm_url=url(database)) == {"lead": (1, 1, 0, 0)}
    assert warehouse.load_ok("crm", crm_url=url(database)) == {}


def test_rights_that_are_missing_are_named(warehouse: Warehouse, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("create role reader login")
    report = warehouse.load("crm", crm_url=url(database).replace("tester@", "reader@"))
    assert report.status == "failed"
    assert "permission denied" in report.message
    assert "the right to select" in report.message

"""The CRM from a real MariaDB: typed columns, increments, rows that were deleted, a schema that changes."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pymysql
import pytest

from ingestion.contracts import load_contracts
from tests.unit.ingestion.systems import row, rows, utc
from tests.unit.ingestion.warehouses import Warehouse

pytestmark = pytest.mark.mariadb
FORMATS = {"date-time": "datetime(6)", "date": "date"}
KINDS = {"integer": "bigint", "number": "decimal(14, 4)", "text": "varchar(190)"}


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """A MariaDB server on a socket in its own folder."""
    place = Path(tempfile.mkdtemp(prefix="forecourt-mariadb-"))
    data, socket = place / "data", place / "socket"
    user = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:
        shutil.chown(place, user)
    common = ["--no-defaults", f"--user={user}", f"--datadir={data}"]
    subprocess.run(
        ["mariadb-install-db", *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    command = [
        program,
        *common,
        f"--socket={socket}",
        "--skip-networking",
        "--innodb-flush-log-at-trx-commit=0",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr or ():
            if "ready for connections" in line:
                break
        yield socket
    finally:
        process.terminate()
        process.communicate(timeout=60)
        shutil.rmtree(place)


class Crm:
    """A fresh database with the CRM's tables in proper types."""

    def __init__(self, socket: Path, name: str) -> None:
        self.url = f"mysql+pymysql://root@localhost/{name}?unix_socket={socket}&charset=utf8mb4"
        self._connect = {"unix_socket": str(socket), "user": "root", "autocommit": True, "charset": "utf8mb4"}
        self.execute(f"create database {name} character set utf8mb4")
        self._connect["database"] = name
        for entity, contract in load_contracts("crm").items():
            columns = ", ".join(
                f"`{column}` {FORMATS.get(prop.get('format'), KINDS[contract.columns[column]])}"
                for column, prop in contract.schema["properties"].items()
            )
            key = ", ".join(f"`{column}`" for column in contract.primary_key)
            self.execute(f"create table `{entity}` ({columns}, primary key ({key}))")

    def execute(self, sql: str, *values: object) -> None:
        with pymysql.connect(**self._connect) as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)

    def fill(self, entity: str, given: list[dict]) -> None:
        properties = load_contracts("crm")[entity].schema["properties"]
        for one in given:
            values = [plain(value, properties[name].get("format")) for name, value in one.items()]
            names, marks = ", ".join(f"`{name}`" for name in one), ", ".join(["%s"] * len(one))
            self.execute(f"insert into `{entity}` ({names}) values ({marks})", *values)


def plain(value: object, form: str | None) -> object:
    """MariaDB's datetime has no offset: it is UTC here."""
    if form == "date-time" and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=None)
    return value


@pytest.fixture
def crm(server: Path, request: pytest.FixtureRequest) -> Crm:
    return Crm(server, f"crm_{abs(hash(request.node.name))}")


def test_mariadb_is_read_incrementally(warehouse: Warehouse, crm: Crm) -> None:
    crm.fill("lead", rows("crm", "lead", 20))
    assert warehouse.load_ok("crm", crm_url=crm.url) == {"lead": (20, 20, 0, 0)}
    assert warehouse.load_ok("crm", crm_url=crm.url) == {}
    crm.execute("update `lead` set updated_at = '2025-03-02 00:00:00.25' where lead_id = 'L00000003'")
    crm.fill("lead", [row("crm", "lead", 30, updated_at=utc(19))])
    assert warehouse.load_ok("crm", crm_url=crm.url) == {"lead": (2, 2, 0, 0)}
    stored = {one["lead_id"]: one for one in warehouse.rows("raw_crm.lead")}
    assert stored["L00000003"]["updated_at"] == "2025-03-02T00:00:00.250000Z"
    assert len(stored) == 21


def test_rows_deleted_in_mariadb_are_set_aside(warehouse: Warehouse, crm: Crm) -> None:
    crm.fill("lead", rows("crm", "lead", 20))
    warehouse.load_ok("crm", crm_url=crm.url)
    crm.execute("delete from `lead` where lead_id in ('L00000004', 'L00000005')")
    report = warehouse.load("crm", crm_url=crm.url, sweep_every=0)
    assert "2 rows of lead were deleted in the source" in report.message
    assert len(warehouse.rows("raw_crm.lead")) == 18


def test_a_new_column_arrives_and_a_column_that_went_is_null(warehouse: Warehouse, crm: Crm) -> None:
    crm.fill("lead", rows("crm", "lead", 3))
    warehouse.load_ok("crm", crm_url=crm.url)
    crm.execute("alter table `lead` add column `mood` varchar(20) default 'good', drop column `lost_reason`")
    crm.execute("update `lead` set updated_at = '2025-03-03 00:00:00' where lead_id = 'L00000001'")
    report = warehouse.load("crm", crm_url=crm.url)
    assert report.status == "ok"
    assert "lead has new columns: mood" in report.message
    assert "lead has no column lost_reason: loaded as null" in report.message
    stored = {one["lead_id"]: one for one in warehouse.rows("raw_crm.lead")}
    assert (stored["L00000001"]["mood"], stored["L00000001"]["lost_reason"]) == ("good", None)

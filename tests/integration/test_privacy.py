"""Nothing that identifies a person leaves the warehouse readable: not in a published column, not in a byte.

The people are those of the tiny demo world; what is looked for is what their records say.
"""

import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from serving.identity_file import open_one
from serving.identity_key import read_key
from serving.layout import current
from serving.settings import ReaderSettings

EMAIL = re.compile(rb"[A-Za-z0-9._%+-]{2,}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def values(tiny, column: str) -> set[str]:
    """What the records of the tiny world say in one column of id_record."""
    with tiny.connect() as connection:
        rows = connection.execute(
            f"select distinct {column} from identity.id_record where {column} is not null"
        ).fetchall()
    return {str(row[0]) for row in rows}


@pytest.fixture(scope="module")
def people(tiny) -> dict[str, set[str]]:
    """E-mails, telephone numbers (as typed and in E.164) and full names, of which none may be readable."""
    names = values(tiny, "typed_given_name || ' ' || typed_family_name")
    found = {
        "email": values(tiny, "email") | values(tiny, "typed_email"),
        "phone": {
            one
            for one in values(tiny, "phone") | values(tiny, "typed_phone")
            if len(one) > 7 and one not in "01234567890"  # that one stands in DuckDB's own tables
        },
        "name": {one for one in names if len(one) > 9},
    }
    assert all(len(one) > 500 for one in found.values())
    return found


@pytest.fixture(scope="module")
def published(tiny) -> Path:
    return current(tiny.snapshots_dir).path


def text_columns(connection) -> list[tuple[str, str]]:
    """Every published column that holds text, structures of text included, as (table, column)."""
    return connection.execute(
        """
        select schema_name || '.' || table_name, column_name from duckdb_columns()
        where database_name = 'snap' and contains(data_type, 'VARCHAR')
        """
    ).fetchall()


def test_no_published_column_holds_a_mail_a_number_or_a_name(published, people):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}' as snap (read_only)")
        columns = text_columns(connection)
        assert len(columns) > 50
        for kind, known in people.items():
            connection.execute(
                f"create temp table {kind} as select unnest(?::varchar[]) as value", [list(known)]
            )
        leaks = [
            f"{table}.{column} holds a {kind}"
            for table, column in columns
            for kind in people
            if connection.execute(
                f"select 1 from snap.{table} as published semi join {kind} "
                f"on cast(published.{column} as varchar) = {kind}.value limit 1"
            ).fetchall()
        ]
        assert leaks == []
        mails = [
            f"{table}.{column}"
            for table, column in columns
            if connection.execute(
                f"select 1 from snap.{table} where regexp_matches(cast({column} as varchar), $1) limit 1",
                [EMAIL.pattern.decode()],
            ).fetchall()
        ]
        owners = {"srv_indicator_dictionary", "srv_indicator_catalogue"}  # whom to ask about an indicator
        assert [one for one in mails if one.split(".")[1] not in owners] == []


def test_no_byte_of_the_snapshot_spells_a_person(published, people, tmp_path):
    """Written out without compression, so that no dictionary or bit packing hides what is there."""
    with duckdb.connect() as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(f"attach '{published}' as snap (read_only); attach '{tmp_path}/plain.db' as plain")
        connection.execute("copy from database snap to plain")
        connection.execute("checkpoint plain")
    assert spelled(tmp_path / "plain.db", people) == []
    assert spelled(published, people) == []


def test_no_byte_of_the_sealed_file_spells_a_person(published, people):
    assert spelled(current(published.parent).identity_path, people) == []


def test_the_search_finds_a_person_where_there_is_one(tiny, people, tmp_path):
    """The same search on what must not be published: else the tests above prove nothing."""
    with duckdb.connect(str(tmp_path / "leak.db")) as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute(f"attach '{tiny.warehouse}' as warehouse (read_only)")
        connection.execute("create table leak as from warehouse.core.dim_customer_identity")
    assert {kind for kind, _ in spelled(tmp_path / "leak.db", people)} == {"email", "phone", "name"}


def test_the_sealed_file_gives_each_person_their_golden_record(tiny, monkeypatch):
    monkeypatch.delenv("FORECOURT_IDENTITY_KEY", raising=False)
    file = current(tiny.snapshots_dir).identity_path
    with tiny.connect() as connection:
        ((one_id, email),) = connection.execute(
            "select one_id, email from core.dim_customer_identity "
            "where email is not null order by one_id limit 1"
        ).fetchall()
    key = read_key(ReaderSettings(data_dir=tiny.data_dir))
    assert f'"email":"{email}"' in open_one(file, key, one_id)


def spelled(file: Path, people: dict[str, set[str]]) -> list[tuple[str, str]]:
    """Kind and value of what the file's bytes spell. Every mail and number is looked for (texts stand in the
    file without a gap between them); of the names, which have no form to start from, two hundred.
    """
    content = file.read_bytes()
    found = []
    by_middle: dict[tuple[bytes, bytes], list[tuple[bytes, bytes]]] = {}
    for mail in people["email"]:
        local, _, domain = mail.encode().partition(b"@")
        by_middle.setdefault((local[-3:], domain[:3]), []).append((local, domain))
    parts = content.split(b"@")
    for before, after in pairwise(parts):
        for local, domain in by_middle.get((before[-3:], after[:3]), []):
            if before.endswith(local) and after.startswith(domain):
                found.append(("email", f"{local.decode()}@{domain.decode()}"))
    lengths = {len(number) for number in people["phone"]}
    for run in set(re.findall(rb"[+\d]{8,}", content)):
        text = run.decode()
        pieces = {text[at : at + n] for n in lengths for at in range(len(text) - n + 1)}
        found += [("phone", number) for number in pieces & people["phone"]]
    names = sorted(people["name"])
    sample = names[:: max(1, len(names) // 200)]
    return found + [("name", value) for value in sample if value.encode() in content]

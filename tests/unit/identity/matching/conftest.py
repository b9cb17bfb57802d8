"""Connections with records, and one model trained on FEBRL 3, which no test changes."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pytest

from identity.matching import MatchModel, profile, score, train

sys.path.append(str(Path(__file__).resolve().parents[3]))
from identity_sets import febrl

Connection = duckdb.DuckDBPyConnection
Load = Callable[..., Connection]


class Scored(NamedTuple):
    """A connection with `record`, `truth` and `pair`, and the model that scored them."""

    con: Connection
    model: MatchModel


def connect(rows: list[dict], columns: list[str]) -> Connection:
    con = duckdb.connect()
    typed = ", ".join(f"{column} varchar" for column in columns)
    con.execute(f"create table record (record_no bigint, {typed})")
    for number, row in enumerate(rows):
        values = [number, *(row.get(column) for column in columns)]
        con.execute(f"insert into record values ({', '.join('?' * len(values))})", values)
    return con


@pytest.fixture
def load() -> Iterator[Load]:
    """`load(rows, columns)`: a connection with the table `record`."""
    opened: list[Connection] = []

    def make(rows: list[dict], columns: list[str]) -> Connection:
        opened.append(connect(rows, columns))
        return opened[-1]

    yield make
    for con in opened:
        con.close()


@pytest.fixture(scope="session")
def people() -> list[dict]:
    """Two hundred people, each with a second record that has a typing error."""
    rng = np.random.default_rng(7)
    given = [
        f"{a}{b}" for a in ("an", "bert", "cor", "dag", "el", "fri") for b in ("na", "ulf", "ine", "mar", "o")
    ]
    family = [
        f"{a}{b}"
        for a in ("mul", "schmi", "weber", "hoff", "kra", "lind")
        for b in ("er", "dt", "mann", "au", "s")
    ]
    rows = []
    for number in range(200):
        person = {
            "given_name": str(rng.choice(given)),
            "family_name": str(rng.choice(family)),
            "birth_date": f"{rng.integers(1940, 2005)}-{rng.integers(1, 13):02}-{rng.integers(1, 29):02}",
            "email": f"mail{number}@example.org",
            "source": "crm",
        }
        twin = person | {"source": "service", "family_name": person["family_name"] + "x"}
        rows += [person, twin if number % 2 else twin | {"email": None}]
    return rows


@pytest.fixture(scope="session")
def scored() -> Iterator[Scored]:
    """FEBRL 3: 5,000 records of 2,000 people."""
    con = duckdb.connect()
    records, truth = febrl(3)
    con.register("records_arrow", records)
    con.register("truth_arrow", truth)
    con.execute("create table record as select row_number() over () - 1 as record_no, * from records_arrow")
    con.execute(
        "create table truth as "
        "select record_no, person_id from record inner join truth_arrow using (record_id)"
    )
    model = train(con, "record", profile(con, "record"))
    score(con, model, "record")
    yield Scored(con, model)
    con.close()

"""The cursor of a database: what may stand in it and when rows may commit without a row being lost."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.batch import entity
from ingestion.readers import edge
from ingestion.readers.database import DatabaseReader, open_engine
from tests.unit.ingestion.systems import row, rows, write_database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LAG = timedelta(hours=1)


def ago(hours: float) -> str:
    """A time before (or after) NOW as the CRM writes it."""
    return (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Table:
    """One table of a SQLite database, read again and again with one state."""

    def __init__(self, folder: Path, source: str = "crm", name: str = "lead") -> None:
        self.file, self.source, self.name = folder / "system.sqlite", source, name
        self.url = write_database(self.file, source, {})
        self.state: dict[str, Any] = {}
        self.now = NOW

    def add(self, *given: dict[str, Any]) -> None:
        write_database(self.file, self.source, {self.name: given})

    def read(self) -> list[Any]:
        """Keys of the rows that a load takes, in order."""
        table = entity(self.source, self.name)
        reader = DatabaseReader(open_engine(self.url), table, "UTC", LAG, lambda: self.now)
        found = [one for chunk in reader.chunks(self.state) for one in chunk.rows]
        return sorted(one[table.primary_key[0]] for one in found)


def lead(i: int, hours_ago: float) -> dict[str, Any]:
    return row("crm", "lead", i, updated_at=ago(hours_ago))


def customers(start: int, count: int) -> list[dict[str, Any]]:
    return [row("service", "customer", i) for i in range(start, start + count)]


@pytest.mark.parametrize("wrong", [-20, -1, -0.01, 0.5])
def test_one_wrong_clock_does_not_hide_later_rows(tmp_path: Path, wrong: float) -> None:
    table = Table(tmp_path)
    table.add(lead(1, 5), lead(2, wrong))
    assert len(table.read()) == 2
    table.add(lead(3, 1.5))
    assert table.read() == ["L00000003"]
    table.now += timedelta(hours=40)
    assert table.read() == []
    table.add(row("crm", "lead", 4, updated_at=ago(-39.5)))
    assert table.read() == ["L00000004"]


def test_a_transaction_that_commits_late_is_read(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.add(lead(1, 5), lead(2, 0.1))
    table.read()
    table.add(lead(3, 0.9))
    assert table.read() == ["L00000003"]
    assert table.read() == []


def test_a_row_that_turns_back_within_the_window_is_read_each_time(tmp_path: Path) -> None:
    """Only what the last load saw is known: A, then B, then A again is a change."""
    table = Table(tmp_path)
    first, second = lead(1, 0.5) | {"email": "a@x.org"}, lead(1, 0.5) | {"email": "b@x.org"}
    for given_row in (first, second, first):
        table.file.unlink()
        table.add(given_row)
        assert table.read() == ["L00000001"]


def test_one_sequence_number_far_too_high_does_not_end_the_feed(tmp_path: Path) -> None:
    table = Table(tmp_path, "service", "customer")
    table.add(*customers(0, 5000), row("service", "customer", 9000, change_seq=10**12))
    assert len(table.read()) == 5001
    table.add(*customers(5000, 10))
    assert table.read() == list(range(5001, 5011))
    assert table.read() == []


def test_sequence_numbers_that_commit_late_are_read_and_old_rows_are_not(tmp_path: Path) -> None:
    table = Table(tmp_path, "service", "customer")
    table.add(*customers(0, 3000), *customers(3100, 1900))
    assert len(table.read()) == 4900
    assert table.state["cursor"] == 2901  # DEPTH rows from the end
    table.add(*customers(3000, 100))
    assert table.read() == list(range(3001, 3101))
    assert table.read() == []


def test_more_rows_than_hashes_are_kept_are_recognised_by_their_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "LIMIT", 100)
    table = Table(tmp_path)
    table.add(*(lead(i, 0.5) for i in range(5000)))
    assert len(table.read()) == 5000
    assert table.state["edge"] == []
    assert table.read() == []
    table.add(lead(9000, 0.9), lead(9001, 0.2))  # below and above the highest value that was seen
    again = table.read()
    assert {"L00009000", "L00009001"} <= set(again)
    assert len(again) < 30  # the group of the late row, no more
    assert table.read() == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.lists(st.floats(-30, 30, width=16), max_size=4), min_size=1, max_size=5),
    st.integers(0, 3),
)
def test_whenever_rows_within_the_lag_arrive_each_is_read_once(
    tmp_path_factory: pytest.TempPathFactory, loads: list[list[float]], limit: int
) -> None:
    """Each load is two hours after the last; rows are dated at most an hour before it, or ahead of it."""
    table, number, exact = Table(tmp_path_factory.mktemp("t")), 0, edge.LIMIT
    edge.LIMIT = limit if limit < 2 else exact
    try:
        for load, given_hours in enumerate(loads):
            table.now = NOW + timedelta(hours=2 * load)
            added = [row("crm", "lead", number + i) for i in range(len(given_hours))]
            for one, hours in zip(added, given_hours, strict=True):
                moment = table.now + timedelta(hours=max(hours, -0.99))
                one["updated_at"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            number += len(added)
            table.add(*added)
            taken = table.read()
            assert {one["lead_id"] for one in added} <= set(taken)
            if limit >= 2:
                assert len(taken) == len(added)
        assert table.read() == []
    finally:
        edge.LIMIT = exact


def test_the_edge_costs_nothing_where_rows_are_old(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.add(*rows("crm", "lead", 3000))
    assert len(table.read()) == 3000
    assert len(table.state["edge"]) == 1
    assert table.read() == []

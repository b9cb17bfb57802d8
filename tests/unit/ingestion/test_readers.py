"""Readers by themselves: bounds, positions, values of drivers."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingestion.readers import jsonl
from ingestion.readers.jsonl import JsonlReader
from ingestion.readers.values import plain_value
from tests.unit.ingestion.systems import event, lines, write_events


def read(reader: JsonlReader, state: dict[str, Any]) -> list[str]:
    return [one["messageId"] for chunk in reader.chunks(state) for one in chunk.rows]


def test_a_package_ends_at_its_size_and_the_next_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "CHUNK_BYTES", 2_000)
    folder = write_events(tmp_path / "a.jsonl", [event(i) for i in range(40)])
    write_events(tmp_path / "b.jsonl", [event(i) for i in range(40, 60)])
    state: dict[str, Any] = {}
    parts = []
    more = True
    while more:
        reader = JsonlReader(folder, package_bytes=4_000)
        parts.append(read(reader, state))
        more = reader.more
    assert len(parts) > 3
    assert [name for part in parts for name in part] == [event(i)["messageId"] for i in range(60)]


def test_a_line_longer_than_a_block_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "CHUNK_BYTES", 100)
    folder = write_events(tmp_path / "a.jsonl", [event(1, context={"text": "x" * 1000}), event(2)])
    assert len(read(JsonlReader(folder), {})) == 2


def test_positions_count_on_over_loads(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    folder = write_events(file, [event(1), b"", event(2)])
    state: dict[str, Any] = {}
    read(JsonlReader(folder), state)
    start = file.stat().st_size
    with file.open("ab") as handle:
        handle.write(b"broken\n" + lines([event(3)]))
    [chunk] = JsonlReader(folder).chunks(state)
    assert [one.position for one in chunk.refused] == [f"a.jsonl:line 4:byte {start}"]
    assert chunk.position(0) == f"a.jsonl:line 5:byte {start + 7}"
    assert chunk.original(0) == lines([event(3)]).strip()


def test_a_file_that_was_cut_behind_its_first_bytes_is_read_again(tmp_path: Path) -> None:
    folder = write_events(tmp_path / "a.jsonl", [event(i) for i in range(60)])
    state: dict[str, Any] = {}
    assert len(read(JsonlReader(folder), state)) == 60
    write_events(tmp_path / "a.jsonl", [event(i) for i in range(40)])
    assert (tmp_path / "a.jsonl").stat().st_size > jsonl.HEAD_BYTES
    reader = JsonlReader(folder)
    assert len(read(reader, state)) == 40
    assert reader.notes == ["a.jsonl was replaced or cut: read again from its start"]


def test_files_in_folders_below_are_read_and_named_with_them(tmp_path: Path) -> None:
    write_events(tmp_path / "2025" / "a.jsonl", [b"x"])
    [chunk] = JsonlReader(tmp_path).chunks({})
    assert chunk.refused[0].position == "2025/a.jsonl:line 1:byte 0"


BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2025, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "kind", "with_offset", "plain"),
    [
        (SUMMER, "text", True, "2025-07-01T12:00:00Z"),
        (SUMMER.replace(microsecond=250_000), "text", True, "2025-07-01T12:00:00.250000Z"),
        (SUMMER.replace(tzinfo=None), "text", True, "2025-07-01T10:00:00Z"),
        (SUMMER, "text", False, "2025-07-01 14:00:00"),
        (SUMMER.replace(tzinfo=None), "text", False, "2025-07-01 12:00:00"),
        (date(2025, 7, 1), "text", False, "2025-07-01"),
        (Decimal("12.50"), "number", False, 12.5),
        (Decimal("3.00"), "integer", False, 3),
        (Decimal("3.5"), "integer", False, 3.5),
        (Decimal("NaN"), "number", False, "NaN"),
        (float("inf"), "number", False, "inf"),
        (True, "integer", False, 1),
        (True, "text", False, True),
        (b"\x00\xff", "text", False, {"bytes": "00ff"}),
        (None, "text", False, None),
    ],
)
def test_values_of_drivers_become_json(value: Any, kind: Any, with_offset: bool, plain: Any) -> None:
    result = plain_value(value, kind, BERLIN, with_offset)
    assert result == plain
    assert type(result) is type(plain)

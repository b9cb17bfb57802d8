"""App lines, marketing pages and the market's CSV file."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.demo.systems.bad_rows import Entity

PAGE = 5_000


def write_lines(path: Path, lines: pa.Array) -> None:
    """Write lines that carry their own line ends. The text buffer of the column is already the file."""
    values = pa.concat_arrays([lines]) if lines.offset else lines
    _, offsets, data = values.buffers()
    if data is None or not len(values):
        path.write_bytes(b"")
        return
    size = int(pa.Array.from_buffers(pa.int32(), len(values) + 1, [None, offsets])[len(values)].as_py())
    path.write_bytes(memoryview(data)[:size])


def _pages(entity: Entity) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for batch in entity.table.to_batches(max_chunksize=PAGE):
        rows += batch.to_pylist()
        while len(rows) >= PAGE:
            yield rows[:PAGE]
            rows = rows[PAGE:]
    rows += entity.bad
    for start in range(0, max(len(rows), 1), PAGE):
        yield rows[start : start + PAGE]


def write_pages(folder: Path, entity: Entity) -> int:
    """Write the pages that the REST API would give, one file each; return the rows."""
    folder.mkdir(parents=True)
    total = len(entity.table) + len(entity.bad)
    written = 0
    for number, data in enumerate(_pages(entity), start=1):
        written += len(data)
        more = written < total
        page = {
            "object": "list",
            "data": data,
            "has_more": more,
            "next_cursor": f"page-{number + 1:04d}" if more else None,
        }
        text = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
        (folder / f"page-{number:04d}.json").write_text(text, encoding="utf-8")
        if not more:
            break
    return total


def write_csv(path: Path, entity: Entity) -> int:
    """Write one CSV file with a header, good rows first; return the rows."""
    path.parent.mkdir(parents=True)
    rows = entity.table.to_pylist() + entity.bad
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, entity.table.column_names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)

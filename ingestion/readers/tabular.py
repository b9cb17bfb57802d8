"""Tables in CSV and Parquet files, whose columns a mapping (YAML) turns into the entity's columns."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ingestion.batch import Chunk, Entity, Refused
from ingestion.contracts import Reason
from ingestion.readers.base import Parsed, SourceError
from ingestion.readers.delimited import read_records
from ingestion.readers.ledger import all_if_one_changed, files_under

CHUNK_ROWS = 20_000


class ColumnMapping(BaseModel):
    """How a column of the entity is filled: from ``column`` of the file (through ``values``), or constant."""

    model_config = ConfigDict(extra="forbid")

    column: str | None = None
    values: dict[str, str] | None = None
    value: str | int | None = None


class FileMapping(BaseModel):
    """One file ``mappings/<name>.yml``."""

    model_config = ConfigDict(extra="forbid")

    description: str
    delimiter: str = ","
    columns: dict[str, ColumnMapping]


def read_mapping(folder: Path, name: str) -> FileMapping:
    """The mapping of this name. Raises :class:`SourceError` where there is none or it cannot be used."""
    file = folder / f"{name}.yml"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.yml")))
        raise SourceError(f"there is no mapping {name!r}; known are {known}; add {name}.yml to {folder}")
    try:
        return FileMapping.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as problem:
        raise SourceError(f"the mapping {file} cannot be used: {problem}") from problem


class TableReader:
    """Reads CSV and Parquet files. State: ``files`` = name -> hash of the content that was read last."""

    is_authority = True

    def __init__(self, place: Path, entity: Entity, mapping: FileMapping) -> None:
        self.place, self.entity, self.mapping = place, entity, mapping
        self.notes: list[str] = []
        self.more = False

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """Yield the rows of all files in order of their names, where one of them is new or changed."""
        files = files_under(self.place, ("*.csv", "*.parquet"))
        for name, content in all_if_one_changed(self.place, files, state):
            yield from self._parquet(name, content) if name.endswith(".parquet") else self._csv(name, content)

    def parse(self, original: bytes, position: str) -> Parsed:
        """The row that was kept: header and line of a CSV file, or JSON."""
        if original.startswith(b"{"):
            return self._row(json.loads(original))
        chunk = next(self._csv(position, original), None)
        if chunk is None or chunk.refused:
            reason = chunk.refused[0].reason if chunk else Reason("columns", "", "no row")
            return Refused(position, original, reason)
        return chunk.rows[0]

    def _csv(self, name: str, content: bytes) -> Iterator[Chunk]:
        """Rows of a CSV file; a refused line is kept with its header."""
        records = read_records(content, self.mapping.delimiter)
        head = next(records, None)
        header = head.fields if head is not None and isinstance(head.fields, list) else []
        self._check_header(name, header)
        rows: list[dict[str, Any]] = []
        places: list[tuple[int, bytes]] = []
        refused: list[Refused] = []
        for record in records:
            original = head.original + record.original  # type: ignore[union-attr]
            if isinstance(record.fields, Reason):
                refused.append(Refused(f"{name}:line {record.line}", original, record.fields))
                continue
            rows.append(self._row(dict(zip(header, record.fields, strict=True))))
            places.append((record.line, original))
            if len(rows) >= CHUNK_ROWS:
                yield _chunk(name, rows, places, refused)
                rows, places, refused = [], [], []
        if rows or refused:
            yield _chunk(name, rows, places, refused)

    def _parquet(self, name: str, content: bytes) -> Iterator[Chunk]:
        try:
            file = pq.ParquetFile(io.BytesIO(content))
        except (OSError, ValueError) as problem:
            raise SourceError(f"{name} is not a Parquet file that can be read: {problem}") from problem
        self._check_header(name, file.schema_arrow.names)
        number = 0
        for part in file.iter_batches(CHUNK_ROWS):
            given = part.to_pylist()
            places = [
                (number + index, json.dumps(row, ensure_ascii=False, default=str).encode())
                for index, row in enumerate(given, 1)
            ]
            number += len(given)
            yield _chunk(name, [self._row(row) for row in given], places, [])

    def _check_header(self, name: str, header: Sequence[str]) -> None:
        wanted = {column.column for column in self.mapping.columns.values() if column.column}
        missing = sorted(wanted - set(header))
        if missing:
            raise SourceError(
                f"{name} has no column {', '.join(missing)}; it has {', '.join(header)[:300]}; "
                "correct the file or choose the mapping that fits it"
            )

    def _row(self, given: Mapping[str, Any]) -> dict[str, Any]:
        row = {}
        for name, column in self.mapping.columns.items():
            value = column.value if column.column is None else given[column.column]
            if column.values is not None and isinstance(value, str):
                value = column.values.get(value, value)
            if self.entity.columns.get(name) == "integer" and isinstance(value, str):
                value = _integer(value)
            row[name] = value
        return row


def _integer(text: str) -> int | str:
    """A whole number, or the text as it is, which the contract then refuses by its type."""
    try:
        return int(text)
    except ValueError:
        return text


def _chunk(
    name: str, rows: list[dict[str, Any]], places: list[tuple[int, bytes]], refused: list[Refused]
) -> Chunk:
    return Chunk(rows, lambda i: f"{name}:line {places[i][0]}", lambda i: places[i][1], refused)

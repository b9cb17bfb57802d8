"""Events in JSONL files, read from the byte where the last load stopped."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from dlt.common.json import json as dlt_json

from ingestion.batch import Chunk, Refused
from ingestion.collector.segments import SEALED, is_intact
from ingestion.contracts import Reason
from ingestion.readers.base import Parsed
from ingestion.readers.ledger import files_under

MAX_LINE = 1024 * 1024  # bytes; Segment's own limit is 32 kB
CHUNK_BYTES = 16 * 1024 * 1024
# A batch stays in memory until it is deduplicated: 256 MB of lines are some 400,000 events and 1 GB.
PACKAGE_BYTES = 256 * 1024 * 1024
HEAD_BYTES = 4096
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    text: bytes


class JsonlReader:
    """Reads all ``*.jsonl`` files of a folder, what the collector sealed only ``with_segments``.

    State: ``files`` = name -> ``position`` (bytes read), ``line`` (lines read), ``head`` and ``head_size``:
    hash and length of the first bytes, which tell a file that was replaced from one that grew.
    """

    is_authority = False

    def __init__(
        self, folder: Path, package_bytes: int = PACKAGE_BYTES, *, with_segments: bool = True
    ) -> None:
        self.folder, self.package_bytes, self.with_segments = folder, package_bytes, with_segments
        self.notes: list[str] = []
        self.more = False

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """Yield what was added to the files; after ``package_bytes`` the rest is left to the next package."""
        ledger: dict[str, dict[str, Any]] = state.setdefault("files", {})
        left = self.package_bytes
        for file in files_under(self.folder, ("*.jsonl", "*.ndjson")):
            if not self.with_segments and SEALED.fullmatch(file.name):
                continue
            name = file.relative_to(self.folder).as_posix() if file != self.folder else file.name
            with file.open("rb") as handle:
                size = handle.seek(0, 2)
                entry = self._resume(handle, name, size, ledger.get(name))
                while entry["position"] < size and left > 0:
                    start = entry["position"]
                    lines = self._lines(handle, entry, size, name)
                    if not lines:
                        break
                    yield parse_lines(name, lines)
                    left -= entry["position"] - start
                ledger[name] = entry | _head(handle, entry["position"])
                if left <= 0:
                    self.more = True
                    return

    def _resume(self, handle: BinaryIO, name: str, size: int, entry: dict[str, Any] | None) -> dict[str, Any]:
        if entry is None:
            if SEALED.fullmatch(Path(name).name) and not is_intact(Path(handle.name)):
                self.notes.append(
                    f"{name} is not what the collector sealed (its checksum differs): what is left of it was "
                    "read; bring back the whole file"
                )
            return {"position": 0, "line": 0}
        handle.seek(0)
        head = hashlib.sha256(handle.read(entry["head_size"])).hexdigest()
        if size < entry["position"] or head != entry["head"]:
            self.notes.append(f"{name} was replaced or cut: read again from its start")
            return {"position": 0, "line": 0}
        return dict(entry)

    def _lines(self, handle: BinaryIO, entry: dict[str, Any], size: int, name: str) -> list[_Line]:
        """Some megabytes of whole lines; moves ``entry`` behind them. Empty at an incomplete last line."""
        handle.seek(entry["position"])
        block = handle.read(min(CHUNK_BYTES, size - entry["position"]))
        end = block.rfind(b"\n") + 1
        while end == 0 and entry["position"] + len(block) < size:  # a line longer than the block
            more = handle.read(min(CHUNK_BYTES, size - entry["position"] - len(block)))
            if not more:
                break
            end = more.find(b"\n") + 1
            end, block = (len(block) + end if end else 0), block + more
        if entry["position"] + len(block) >= size and end < len(block):
            tail = block[end:]
            if not tail.strip() or not isinstance(parse_line(tail, ""), Refused):
                end = len(block)
            else:
                self.notes.append(
                    f"{name}: the last line (byte {entry['position'] + end}) is not complete; "
                    "it is left for the next load"
                )
        return _split(block[:end], entry)


def _split(block: bytes, entry: dict[str, Any]) -> list[_Line]:
    lines: list[_Line] = []
    if not block:
        return lines
    number, start = entry["line"], entry["position"]
    for text in block.split(b"\n")[: -1 if block.endswith(b"\n") else None]:
        number += 1
        lines.append(_Line(number, start, text))
        start += len(text) + 1
    entry["line"], entry["position"] = number, entry["position"] + len(block)
    return lines


def parse_block(name: str, block: bytes) -> Chunk:
    """The events of a whole file in hand."""
    return parse_lines(name, _split(block, {"position": 0, "line": 0}))


def parse_lines(name: str, lines: list[_Line]) -> Chunk:
    """The events of some lines; blank lines are none."""
    rows: list[dict[str, Any]] = []
    kept: list[_Line] = []
    refused: list[Refused] = []
    loads = dlt_json.loadb
    for line in lines:
        text = line.text
        if len(text) <= MAX_LINE:
            try:
                row = loads(text)
            except ValueError:
                row = None
            if type(row) is dict:
                rows.append(row)
                kept.append(line)
                continue
            if not text.strip():
                continue
        parsed = parse_line(text, _position(name, line))
        if isinstance(parsed, Refused):
            refused.append(parsed)
        else:
            rows.append(parsed)
            kept.append(line)
    return Chunk(rows, lambda i: _position(name, kept[i]), lambda i: kept[i].text, refused)


def parse_line(text: bytes, position: str) -> Parsed:
    """The event of one line, or why it is none."""
    refuse = partial(Refused, position, text)
    if len(text) > MAX_LINE:
        return refuse(Reason("too_large", "", f"the line has {len(text)} bytes, more than {MAX_LINE}"))
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as problem:
        return refuse(Reason("encoding", "", f"the line is not valid UTF-8 at its byte {problem.start}"))
    if b"\0" in text:
        return refuse(
            Reason("encoding", "", "the line has zero bytes, as UTF-16 has: write the file as UTF-8")
        )
    try:
        row = dlt_json.loadb(text.removeprefix(_BOM))
    except ValueError as problem:
        return refuse(Reason("json", "", f"the line is not valid JSON: {problem}"))
    if not isinstance(row, dict):
        return refuse(Reason("type", "", f"the line is not an object but {type(row).__name__}"))
    return row


def _position(name: str, line: _Line) -> str:
    return f"{name}:line {line.number}:byte {line.start}"


def _head(handle: BinaryIO, position: int) -> dict[str, Any]:
    """Hash of the first bytes that were taken (the rest of a half-written line may still change)."""
    handle.seek(0)
    content = handle.read(min(HEAD_BYTES, position))
    return {"head": hashlib.sha256(content).hexdigest(), "head_size": len(content)}

"""Records of a CSV text, each with its place and its bytes; a broken line costs no other line.

A quote that is not closed makes a parser take line after line into one field. Here a record over several
lines has to prove itself: where it cannot be read, has another number of fields than the header, or took a
line that is a whole record by itself, its first line is refused alone and reading goes on behind that.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.contracts import Reason

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: number of its first line, its bytes, and its fields or why it has none."""

    line: int
    original: bytes
    fields: list[str] | Reason


def read_records(content: bytes, delimiter: str) -> Iterator[Record]:
    """The header, then one record after the other; blank lines are none.

    Bytes that are no UTF-8 become surrogates, which the contract refuses.
    """
    lines = content.removeprefix(_BOM).splitlines(keepends=True)
    width: int | None = None
    begin = 0
    while begin < len(lines):
        reader = csv.reader(map(_text, _from(lines, begin)), delimiter=delimiter, strict=True)
        first = begin
        while first < len(lines):
            fields = _next(reader, width)
            end = begin + reader.line_num
            taken = lines[first + 1 : end]
            if taken and (isinstance(fields, Reason) or any(_is_whole(x, delimiter, width) for x in taken)):
                sentence = "a quote is not closed on the line"
                reason = fields if isinstance(fields, Reason) else Reason("csv", "", sentence)
                yield Record(first + 1, lines[first], reason)
                first += 1
                break  # read on behind the refused line
            if fields:
                yield Record(first + 1, b"".join(lines[first:end]), fields)
                width = width or (len(fields) if isinstance(fields, list) else None)
            first = end
        begin = first


def _next(reader: Iterator[list[str]], width: int | None) -> list[str] | Reason:
    try:
        fields = next(reader)
    except csv.Error as problem:
        return Reason("csv", "", f"the line cannot be read: {problem}")
    if fields and width is not None and len(fields) != width:
        return Reason("columns", "", f"the line has {len(fields)} fields, the header {width}")
    return fields


def _is_whole(line: bytes, delimiter: str, width: int | None) -> bool:
    try:
        return len(next(csv.reader([_text(line)], delimiter=delimiter, strict=True), [])) == width
    except csv.Error:
        return False


def _from(lines: Sequence[bytes], begin: int) -> Iterator[bytes]:
    return (lines[index] for index in range(begin, len(lines)))


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")

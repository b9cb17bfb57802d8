"""Export files of a REST API: ``{"object": "list", "data": [...], "has_more": ..., "next_cursor": ...}``."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingestion.batch import Chunk, Entity, Refused
from ingestion.contracts import Reason
from ingestion.readers.base import Parsed, SourceError
from ingestion.readers.ledger import changed_files, files_under


class PageReader:
    """Reads ``<folder>/<entity>/*.json``. State: ``files`` = name -> hash of the content read last."""

    is_authority = False

    def __init__(self, folder: Path, entity: Entity) -> None:
        self.folder, self.entity = folder, entity
        self.notes: list[str] = []
        self.more = False

    def chunks(self, state: dict[str, Any]) -> Iterator[Chunk]:
        """Yield the objects of each page that is new or whose content changed."""
        if not self.folder.is_dir():
            raise SourceError(f"{self.folder} does not exist; correct the path or bring the files back")
        pages = self.folder / self.entity.name
        if not pages.is_dir():
            self.notes.append(f"no folder {self.entity.name}: nothing to load")
            return
        for name, content in changed_files(self.folder, files_under(pages, ("*.json",)), state):
            yield self._page(name, content)

    def _page(self, name: str, content: bytes) -> Chunk:
        items, reason = _items(content)
        if reason:
            refused = Refused(name, content, reason)
            return Chunk([], lambda _: name, lambda _: content, [refused])
        rows = [(number, item) for number, item in enumerate(items, 1) if isinstance(item, dict)]
        others = [
            Refused(f"{name}:item {number}", _json(item), Reason("type", "", "the item is not an object"))
            for number, item in enumerate(items, 1)
            if not isinstance(item, dict)
        ]
        return Chunk(
            [item for _, item in rows],
            lambda index: f"{name}:item {rows[index][0]}",
            lambda index: _json(rows[index][1]),
            others,
        )


def parse_item(original: bytes, position: str) -> Parsed:
    """The object that was kept as JSON; a page that could not be read as a whole stays refused."""
    try:
        row = json.loads(original)
    except ValueError as problem:
        return Refused(position, original, Reason("json", "", f"not valid JSON: {problem}"))
    if not isinstance(row, dict):
        return Refused(position, original, Reason("type", "", "the item is not an object"))
    return row


def _items(content: bytes) -> tuple[list[Any], Reason | None]:
    try:
        page = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        return [], Reason("encoding", "", f"the page is not valid UTF-8 at its byte {problem.start}")
    except (ValueError, RecursionError) as problem:
        return [], Reason("json", "", f"the page is not valid JSON: {problem}")
    items = page.get("data") if isinstance(page, dict) else None
    if not isinstance(items, list):
        return [], Reason("type", "/data", "/data: the page has no list of items")
    return items, None


def _json(item: Any) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass")

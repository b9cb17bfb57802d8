"""From a query's answer to typed rows."""

from collections.abc import Mapping
from typing import Any, TypeVar

from serving.store import Snapshot

T = TypeVar("T")


def rows(snapshot: Snapshot, kind: type[T], sql: str, params: Mapping[str, Any] | None = None) -> list[T]:
    """Run a query whose columns are the fields of the dataclass `kind`, by name."""
    return [kind(**row) for row in snapshot.query(sql, params).to_pylist()]

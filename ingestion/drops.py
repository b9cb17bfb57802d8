"""File drops: files that somebody puts on a server (SFTP, object storage, a shared folder) are brought
here before they are read.

A copy keeps its path below the drop. It arrives under its name by one rename, so that a reader never meets
half a file; a file that changed on the server is brought again; one that went from the server stays here.
Any address that fsspec knows will do; its file system has to be installed (SFTP is).
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from ingestion.config import DropConfig
from ingestion.readers.base import SourceError

LEDGER = ".brought.json"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


def bring(drop: DropConfig, folder: Path) -> list[str]:
    """Copy what is new or changed into ``folder``; returns notes on what waits.

    Raises :class:`SourceError`, without the address's password, where the drop cannot be read. What was
    copied before stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ledger = _read_ledger(folder)
    waiting = 0
    try:
        files, root = _open(drop)
        for path, details in _listed(files, root):
            name = (
                PurePosixPath(path).relative_to(PurePosixPath(root)).as_posix()
                if path != root
                else PurePosixPath(path).name
            )
            changed_at = _instant(details)
            if changed_at and (datetime.now(UTC) - changed_at).total_seconds() < drop.settle_seconds:
                waiting += 1  # it may still be on its way up
                continue
            mark = [details.get("size"), changed_at.isoformat() if changed_at else details.get("ETag")]
            if ledger.get(name) == mark and (folder / name).is_file():
                continue
            _copy(files, path, folder / name, details.get("size"))
            ledger[name] = mark
    except SourceError:
        raise
    except Exception as problem:  # each protocol has its own kinds
        raise SourceError(
            f"the drop cannot be read ({_said(problem)}); check address, rights and network"
        ) from problem
    finally:
        _write(folder / LEDGER, json.dumps(ledger, indent=1).encode())
    return (
        [f"{waiting} files are younger than {drop.settle_seconds:g} s and wait for the next load"]
        if waiting
        else []
    )


def _open(drop: DropConfig) -> tuple[Any, str]:
    options = dict(drop.options)
    if drop.url.startswith(("sftp://", "ssh://")):
        # sshfs checks no host key unless it is told where the known ones are; (): OpenSSH's own file
        options.setdefault("known_hosts", ())
    files, root = fsspec.url_to_fs(drop.url, skip_instance_cache=True, **options)
    return files, root.rstrip("/") or "/"


def _listed(files: Any, root: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Files of the drop in the order of their names; those that senders call unfinished, and hidden ones,
    are none.
    """
    if not files.exists(root):
        raise SourceError(f"there is no {root} in the drop; correct the address or bring the folder back")
    for path, details in sorted(files.find(root, detail=True).items()):
        name = PurePosixPath(path).name
        if not name.startswith(".") and not name.endswith(UNFINISHED):
            yield path, details


def _copy(files: Any, path: str, target: Path, size: int | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    files.get_file(path, str(part))
    if size is not None and part.stat().st_size != size:
        part.unlink()
        raise SourceError(f"{path} changed while it was copied; the next load tries again")
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    part.replace(target)


def _read_ledger(folder: Path) -> dict[str, list[Any]]:
    file = folder / LEDGER
    try:
        return dict(json.loads(file.read_bytes())) if file.is_file() else {}
    except ValueError:  # cut off by a full disk: everything is brought again, and counts once
        return {}


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(file.name + ".part")
    part.write_bytes(content)
    part.replace(file)


def _instant(details: dict[str, Any]) -> datetime | None:
    """When the file changed, under the names that file systems give it."""
    for name in ("mtime", "LastModified", "last_modified", "updated"):
        value = details.get(name)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None


def _said(problem: Exception) -> str:
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0][:200]}" if lines else type(problem).__name__

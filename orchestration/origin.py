"""Which world a warehouse holds, so that two worlds are never mixed in one data folder.

The demo world of another scale, seed or day has other people under the same keys: loading it on top would
give neither. A demo warehouse can be made again, so it gives way; a warehouse of real sources never does.
"""

import json
import shutil
from pathlib import Path

from orchestration.errors import ForecourtError
from orchestration.settings import Settings


def claim(settings: Settings, origin: dict[str, object]) -> str | None:
    """Make the warehouse ready to be loaded from ``origin`` (``{"kind": "demo"|"sources", ...}``).

    Returns a sentence where an older demo warehouse was removed. The caller holds the writer's lock. Raises
    ``ForecourtError`` where real data would be mixed with other data.
    """
    before = read(settings)
    if before == origin:
        return None
    said = None
    if before is not None and settings.warehouse.exists():
        if before["kind"] != "demo":
            raise ForecourtError(
                f"The warehouse in {settings.data_dir} holds {_name(before)}, and {_name(origin)} "
                "would be mixed with it: set FORECOURT_DATA_DIR to another folder."
            )
        said = f"The warehouse held {_name(before)}; it is made anew for {_name(origin)}."
    if before is not None:
        _remove(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    new = settings.data_dir / "origin.json.new"
    new.write_text(json.dumps(origin))
    new.replace(settings.data_dir / "origin.json")
    return said


def read(settings: Settings) -> dict[str, object] | None:
    """The world that the warehouse holds; None where nothing was loaded yet."""
    file = settings.data_dir / "origin.json"
    return dict(json.loads(file.read_text())) if file.exists() else None


def of_world(folder: Path) -> dict[str, object] | None:
    """The origin that a demo world on disk stands for; None where there is no whole world."""
    try:
        label = json.loads((folder / "world.json").read_text())
    except (OSError, ValueError):
        return None
    return {"kind": "demo", **{name: label[name] for name in ("version", "scale", "seed", "as_of")}}


def _remove(settings: Settings) -> None:
    """Delete warehouse and cursors. Snapshots stay: readers keep the last one until the next is published."""
    for path in (settings.warehouse, Path(f"{settings.warehouse}.wal")):
        path.unlink(missing_ok=True)
    shutil.rmtree(settings.pipelines_dir, ignore_errors=True)


def _name(origin: dict[str, object]) -> str:
    if origin["kind"] == "demo":
        return f"the {origin['scale']} demo world (seed {origin['seed']}, {origin['as_of']})"
    if origin["kind"] == "public":
        return f"the public data sets of {origin['folder']}"
    return "the configured sources"

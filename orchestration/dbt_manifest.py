"""dbt's parsed project, kept between processes: parsing takes several seconds, reading it back a fraction.

The kept project knows no warehouse: any file called warehouse.duckdb can be built with it.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.dbt_build import BuildFailedError, dbt_arguments, warehouse_variable
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_PARSED = (".sql", ".py", ".yml", ".yaml", ".md", ".csv")
_KEPT, _KEY = "partial_parse.msgpack", "key.txt"


def parsed_project(settings: Settings, folder: Path, variables: Mapping[str, object]) -> "Manifest":
    """Return the project parsed with `variables`, from `folder` where nothing has changed since.

    A folder that cannot be written keeps nothing. Raises ``BuildFailedError`` where dbt cannot parse.
    """
    key = _key(settings.dbt_project_dir, variables)
    if (folder / _KEY).is_file() and (folder / _KEY).read_text() == key:
        return _read(folder / _KEPT)
    with tempfile.TemporaryDirectory(prefix="forecourt-dbt-") as scratch:
        manifest = _parse(settings.model_copy(update={"data_dir": Path(scratch)}), variables)
        _keep(Path(scratch) / "dbt" / "target" / _KEPT, folder, key)
    return manifest


def keep_project(settings: Settings, folder: Path, variables: Mapping[str, object]) -> None:
    """Keep the project as the build that just ended parsed it, where ``folder`` has another one."""
    key, parsed = _key(settings.dbt_project_dir, variables), settings.dbt_target_dir / _KEPT
    kept = (folder / _KEY).read_text() if (folder / _KEY).is_file() else ""
    if kept != key and parsed.is_file():
        _keep(parsed, folder, key)


def _parse(settings: Settings, variables: Mapping[str, object]) -> "Manifest":
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    arguments = dbt_arguments(settings, "parse", "--vars", json.dumps(variables))
    with warehouse_variable(settings):
        outcome = dbtRunner().invoke(arguments)
    if not isinstance(outcome.result, Manifest):
        raise BuildFailedError(f"dbt could not read the project: {outcome.exception}")
    return outcome.result


def _read(file: Path) -> "Manifest":
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    manifest = Manifest.from_msgpack(file.read_bytes(), decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest


def _keep(parsed: Path, folder: Path, key: str) -> None:
    """Put the parsed project into `folder`, its key last: a reader never meets one without the other."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _KEY).unlink(missing_ok=True)
        for name, source in ((_KEPT, parsed), (_KEY, None)):
            new = folder / f"{name}.{os.getpid()}"
            if source:
                shutil.copyfile(source, new)
            else:
                new.write_text(key)
            new.replace(folder / name)
    except OSError:
        return  # the next process parses again


def _key(project: Path, variables: Mapping[str, object]) -> str:
    """Changes whenever a file of the project, dbt or the variables do."""
    files = [file for file in sorted(project.rglob("*")) if file.suffix in _PARSED and file.is_file()]
    own = [file for file in files if file.relative_to(project).parts[0] not in ("target", "logs")]
    states = [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in own]
    said = json.dumps([version("dbt-core"), version("dbt-duckdb"), dict(variables), states])
    return hashlib.sha256(said.encode()).hexdigest()

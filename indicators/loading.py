"""Reads the registry's YAML. Every finding and every object knows the file and line it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, RootModel, ValidationError

from indicators.models import DriverTree, Process, Released, Roots, Standard

REGISTRY_FOLDER = Path(__file__).parent / "registry"
REGISTRY_PATH = "indicators/registry"  # the same as it is told: from the project's root
STANDARD_FILE = "_standard.yml"
ROOTS_FILE = "_roots.yml"
RELEASED_FILE = "_released.yml"  # code -> version and digest, written by `forecourt indicators release`
DRIVERS_FILE = "_drivers.yml"  # code -> the product of factors that it is
_ITEM_LISTS = ("atomic", "composite", "named", "derived")
_YamlLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads ten times as fast
_Lines = dict[tuple[str | int, ...], int]


class _Releases(RootModel[dict[str, Released]]):
    """`_released.yml`."""


class _Drivers(RootModel[dict[str, DriverTree]]):
    """`_drivers.yml`."""


_MODELS: dict[str, type[BaseModel]] = {
    STANDARD_FILE: Standard,
    ROOTS_FILE: Roots,
    RELEASED_FILE: _Releases,
    DRIVERS_FILE: _Drivers,
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the rule's code, what is wrong, where, and what to do about it.

    `file` is a file of the registry's folder, `path` the same from the project's root.
    """

    rule: str
    message: str
    file: str
    line: int
    repair: str

    @property
    def path(self) -> str:
        """Where the file stands, seen from the project's root."""
        return f"{REGISTRY_PATH}/{self.file}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule} {self.message} -> {self.repair}"


@dataclass
class Loaded:
    """What could be read, and what could not."""

    standard: Standard | None = None
    processes: list[Process] = field(default_factory=list)
    released: dict[str, Released] = field(default_factory=dict)
    drivers: dict[str, DriverTree] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def load_folder(folder: Path = REGISTRY_FOLDER) -> Loaded:
    """Read the standard and one file for each business process, in the order of their names."""
    loaded, roots = Loaded(), None
    files = [file for file in sorted(folder.glob("*.yml")) if file.name in _MODELS or file.name[0] != "_"]
    if not any(file.name == STANDARD_FILE for file in files):
        loaded.findings.append(
            Finding(
                "S01",
                f"{STANDARD_FILE} is missing",
                STANDARD_FILE,
                0,
                "every registry needs the naming standard",
            )
        )
    for file in files:
        read = _read(file, _MODELS.get(file.name, Process), loaded.findings)
        if isinstance(read, Standard):
            loaded.standard = read
        elif isinstance(read, Process):
            loaded.processes.append(read)
        elif isinstance(read, Roots):
            roots = read
        elif isinstance(read, _Releases):
            loaded.released = read.root
        elif isinstance(read, _Drivers):
            loaded.drivers = read.root
    if roots and loaded.standard:
        loaded.standard = loaded.standard.model_copy(update={"roots": roots})
    return loaded


def _read(file: Path, model: type[BaseModel], findings: list[Finding]) -> BaseModel | None:
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=_YamlLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        message = " ".join(str(getattr(error, "problem", None) or error).split())
        findings.append(
            Finding(
                "S01", f"not YAML: {message}", file.name, mark.line + 1 if mark else 0, "correct the syntax"
            )
        )
        return None
    if not isinstance(node, yaml.MappingNode):
        findings.append(
            Finding("S01", "the file holds no mapping", file.name, 1, "begin with `process: <name>`")
        )
        return None
    lines: _Lines = {}
    data = _Constructor(file.name, lines, findings).value(node, ())
    if model is _Drivers:
        for code, item in data.items():
            if isinstance(item, dict):
                item["origin"] = {"file": file.name, "line": lines[code,]}
    elif model is not _Releases:
        _add_origins(data, lines, file.name)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        findings.extend(_shape_findings(error, data, lines, file.name))
        return None


class _Constructor:
    """Turns nodes into plain values; learns the line of each path and reports each key that stands twice."""

    def __init__(self, file: str, lines: _Lines, findings: list[Finding]):
        self._file, self._lines, self._findings = file, lines, findings
        self._scalars = yaml.SafeLoader("")  # the usual rules of what is a number, a truth value or null

    def value(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        self._lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            return self._scalars.construct_object(node)
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in result:
                self._findings.append(
                    Finding("S03", f"the key '{key}' stands twice", self._file, line, "keep one of them")
                )
            result[key] = self.value(value_node, (*path, key))
            self._lines[(*path, key)] = line  # a block begins a line below the key that says what it is
        return result


def _add_origins(data: dict[str, Any], lines: _Lines, file: str) -> None:
    data["origin"] = {"file": file, "line": lines.get(("process",), 1)}
    for name in _ITEM_LISTS:
        items = data.get(name)
        for i, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                item["origin"] = {"file": file, "line": lines[(name, i)]}


def _shape_findings(error: ValidationError, data: Any, lines: _Lines, file: str) -> list[Finding]:
    findings = []
    for detail in error.errors(include_url=False):
        path = tuple(detail["loc"])
        known = path
        while known and known not in lines:
            known = known[:-1]
        repair = {
            "missing": f"add '{path[-1] if path else ''}'",
            "extra_forbidden": f"remove '{path[-1] if path else ''}', or correct its spelling",
        }.get(detail["type"], "correct the value")
        message = f"{_place(path, data)}: {detail['msg'].removeprefix('Value error, ')}"
        findings.append(Finding("S02", message, file, lines.get(known, 1), repair))
    return findings


def _place(path: tuple[str | int, ...], data: Any) -> str:
    """A path in words: "lead_cnt, 'where'" of an indicator, "'derived', entry 2, 'periods'" of others."""
    words, held = [], data
    for step in path:
        held = _inside(held, step)
        if isinstance(step, str):
            words.append(f"'{step}'")
        elif isinstance(held, dict) and "code" in held:
            words = [str(held["code"])]
        else:
            words.append(f"entry {step + 1}")
    return ", ".join(words) or "the file"


def _inside(held: Any, step: str | int) -> Any:
    if isinstance(held, list):
        return held[step] if isinstance(step, int) and step < len(held) else None
    return held.get(step) if isinstance(held, dict) else None

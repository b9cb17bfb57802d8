"""The contracts of the raw entities: JSON Schemas, compiled once, with a typed reason for each refusal.

Belongs here: what a row must look like. Does not belong here: where rows come from and where they go.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import jsonschema_rs

SCHEMAS = Path(__file__).parent / "schemas"
SURROGATE = re.compile("[\ud800-\udfff]")
UNSAFE = re.compile("[^A-Za-z0-9_.-]")
VERSION = re.compile(r"(\d+)-(\d+)-(\d+)\.json")
MAX_NAME = 40
MAX_DEPTH = 254  # levels of a value that is stored as JSON text: orjson writes no more
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

Kind = Literal["integer", "number", "text", "json"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was refused: ``code`` is the JSON Schema keyword that failed (or ``encoding``, ``json``,
    ``unknown_event``, ``too_large`` ...), ``path`` a JSON pointer into the row, ``sentence`` for people.
    """

    code: str
    path: str
    sentence: str


@dataclass(frozen=True)
class Contract:
    """The contract of one raw entity (for the app: of one event name)."""

    source: str
    name: str
    version: str
    schema: dict[str, Any]

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Names of the key columns, as the source spells them."""
        return tuple(self.schema["x-primary-key"])

    @property
    def cursor(self) -> str | None:
        """Name of the column that rises with every change, or ``None``."""
        return self.schema.get("x-cursor")

    @cached_property
    def columns(self) -> dict[str, Kind]:
        """Each column and how it is stored: integer BIGINT, number DOUBLE, text and json VARCHAR."""
        return {name: kind_of(prop) for name, prop in self.schema["properties"].items()}

    @cached_property
    def _validator(self) -> Any:
        # masked: reasons are published, the values of a refused row are not
        return jsonschema_rs.Draft202012Validator(self.schema, validate_formats=True, mask="the value")

    @cached_property
    def _integers(self) -> tuple[str, ...]:
        return tuple(name for name, kind in self.columns.items() if kind == "integer")

    def accepts(self, row: Mapping[str, Any]) -> bool:
        """True where the row keeps the contract; raises nothing. The fast path of :meth:`refusal`."""
        try:
            if not self._validator.is_valid(row):
                return False
        except (ValueError, UnicodeEncodeError, RecursionError):
            return False
        for name in self._integers:
            value = row.get(name)
            if value is not None and not INT64_MIN <= value <= INT64_MAX:
                return False
        return True

    def refusal(self, row: Mapping[str, Any]) -> Reason | None:
        """Why the row is refused, or ``None`` where it keeps the contract."""
        try:
            error = next(self._validator.iter_errors(row), None)
        except UnicodeEncodeError:
            return encoding_refusal(row)
        except (ValueError, RecursionError) as problem:
            return Reason("type", "", f"a value has no JSON form: {problem}")
        if error is not None:
            path = "".join(f"/{safe_name(str(part))}" for part in error.instance_path)
            return Reason(error.kind.name, path, f"{path or 'the row'}: {_shorten(error.message)}")
        for name in self._integers:
            value = row.get(name)
            if value is not None and not INT64_MIN <= value <= INT64_MAX:
                return Reason("maximum", f"/{name}", f"/{name}: the value does not fit 64 bits")
        return None


def kind_of(prop: Mapping[str, Any]) -> Kind:
    """How a property is stored."""
    declared = prop.get("type", "string")
    types = {declared} if isinstance(declared, str) else set(declared)
    types.discard("null")
    if types == {"integer"}:
        return "integer"
    if types <= {"integer", "number"}:
        return "number"
    return "text" if types == {"string"} else "json"


def safe_name(name: str) -> str:
    """A name as it may be published: senders invent names, of any length and with anything in them."""
    return UNSAFE.sub("?", name[:MAX_NAME])


def _shorten(message: str, limit: int = 300) -> str:
    """A refused 5 MB value must not become a 5 MB reason."""
    return message if len(message) <= limit else f"{message[: limit // 2]} ... {message[-limit // 2 :]}"


def encoding_refusal(row: Mapping[str, Any]) -> Reason | None:
    """The reason where no column can hold a value of the row: a text that came from bytes that are no UTF-8,
    or lists and objects that are nested too deeply.
    """
    for name, value in row.items():
        if _is_deep(value):
            path = f"/{safe_name(name)}"
            return Reason("depth", path, f"{path}: the value has more than {MAX_DEPTH} levels")
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if SURROGATE.search(text) or SURROGATE.search(name):
            path = f"/{safe_name(name)}"
            return Reason("encoding", path, f"{path}: the text is not valid UTF-8")
    return None


def _is_deep(value: Any) -> bool:
    """Has it more than ``MAX_DEPTH`` levels? Level by level, since Python's own recursion has a limit too."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [item for item in level if isinstance(item, dict | list)]
        if not level:
            return False
        level = [inner for item in level for inner in (item.values() if isinstance(item, dict) else item)]
    return True


@cache
def load_contracts(source: str) -> Mapping[str, Contract]:
    """Newest version of every contract of one source, by entity (for the app: by event name), name order.

    Raises ``ValueError`` naming the file where one cannot be used.
    """
    return {name: list(versions.values())[-1] for name, versions in load_versions(source).items()}


@cache
def load_versions(source: str) -> Mapping[str, Mapping[str, Contract]]:
    """Every version of every contract of one source: by entity (or event), then by version, oldest first.

    Raises ``ValueError`` naming the file where one cannot be used.
    """
    found = {}
    for folder in sorted(path for path in (SCHEMAS / source).iterdir() if path.is_dir()):
        files = sorted(folder.glob("*.json"), key=version_of)
        if files:
            found[folder.name] = {file.stem: read_contract(file, source) for file in files}
    if not found:
        raise ValueError(f"no contracts under {SCHEMAS / source}")
    return found


def event_contract(row: Mapping[str, Any]) -> Contract | Reason:
    """The contract that an event has to keep, or why there is none.

    An event may say by which version it was written, in ``context.schemaVersion``; else the newest holds.
    """
    name = row.get("event")
    versions = load_versions("app").get(name) if isinstance(name, str) else None
    if versions is None or not isinstance(name, str):
        return Reason("unknown_event", "/event", f'/event: no contract for the event "{_named(name)}"')
    context = row.get("context")
    stated = context.get("schemaVersion") if type(context) is dict else None
    if stated is None:
        return load_contracts("app")[name]
    contract = versions.get(stated) if isinstance(stated, str) else None
    if contract is None:
        path, known = "/context/schemaVersion", ", ".join(versions)
        sentence = f'{path}: the event "{name}" has no version "{_named(stated)}" (there are: {known})'
        return Reason("unknown_version", path, sentence)
    return contract


def _named(value: Any) -> str:
    """What stands where a name should; of lists and objects only what they are."""
    return type(value).__name__ if isinstance(value, dict | list) else safe_name(str(value))


def version_of(file: Path) -> tuple[int, int, int]:
    """Model, revision and addition from a contract's file name. Raises ``ValueError`` where it has none."""
    found = VERSION.fullmatch(file.name)
    if found is None:
        raise ValueError(
            f"contract {file} cannot be used: its name is not <model>-<revision>-<addition>.json"
        )
    model, revision, addition = map(int, found.groups())
    return model, revision, addition


def read_contract(file: Path, source: str) -> Contract:
    """One contract from its file ``<entity>/<model>-<revision>-<addition>.json``.

    Raises ``ValueError`` where it is not JSON, is not a JSON Schema or names no primary key.
    """
    try:
        schema = json.loads(file.read_text(encoding="utf-8"))
        jsonschema_rs.meta.validate(schema)
    except (ValueError, jsonschema_rs.ValidationError) as problem:
        raise ValueError(f"contract {file} cannot be used: {problem}") from problem
    missing = {"x-primary-key", "properties"} - schema.keys()
    if missing:
        raise ValueError(f"contract {file} cannot be used: it misses {', '.join(sorted(missing))}")
    return Contract(source, file.parent.name, file.stem, schema)


def entities(source: str) -> tuple[str, ...]:
    """The raw tables of one source: its contracts, except that all app events land in ``event``."""
    return ("event",) if source == "app" else tuple(load_contracts(source))

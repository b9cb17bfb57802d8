"""JSON Schemas of the registry's files, for editors: what may be written, with the standard's own words.

They follow from the pydantic models and from `_standard.yml`, and stand in `registry/schema/`, where
`python -m indicators.schema` writes them; a test holds the two against each other. They help while typing;
what decides is the checker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from indicators.loading import REGISTRY_FOLDER
from indicators.models import PERSON, DriverTree, Process, Released, Roots, Standard

FOLDER = REGISTRY_FOLDER / "schema"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAMES = {"type": "array", "items": {"type": "string"}}


def schemas(standard: Standard) -> dict[str, str]:
    """Every schema file by its name, as it stands on disk."""
    found = {
        "process.json": _process(standard),
        "standard.json": _of(Standard, "The naming standard beside its roots: _standard.yml."),
        "roots.json": _of(Roots, "The words that codes are built from: _roots.yml."),
        "drivers.json": _by_code(DriverTree, "Indicators as products of factors: _drivers.yml."),
        "released.json": _by_code(Released, "Released versions: _released.yml, written by the release."),
    }
    return {name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in found.items()}


def write(standard: Standard, folder: Path = FOLDER) -> list[str]:
    """Write the schemas that differ; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = differences(standard, folder)
    for name in changed:
        (folder / name).write_text(schemas(standard)[name], encoding="utf-8")
    return changed


def differences(standard: Standard, folder: Path = FOLDER) -> list[str]:
    """Names of the schemas that are missing or differ."""
    return [
        name
        for name, text in schemas(standard).items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _process(standard: Standard) -> dict[str, Any]:
    schema = _of(Process, "One business process: its fact, its dimensions, its indicators.")
    dims, stored = (
        schema["properties"],
        [
            name
            for name, dimension in standard.dimensions.items()
            if dimension.through in (None, PERSON) and name != PERSON  # attributes of people: L05
        ],
    )
    dimension = {"enum": stored}
    renamed = {"type": "object", "propertyNames": dimension, "additionalProperties": {"type": "string"}}
    dims["dims"] = {
        "description": "Dimensions; `media: channel` where the fact's column has another name.",
        "type": "array",
        "items": {"anyOf": [dimension, {**renamed, "maxProperties": 1}]},
        "uniqueItems": True,
    }
    dims["grain"] = {"anyOf": [{"type": "string"}, _NAMES], "description": "The key of the fact."}
    dims["rollups"] = {"type": "array", "items": {"type": "array", "items": dimension, "uniqueItems": True}}
    words = {
        "stage": list(standard.stages),
        "owner": list(standard.owners),
    }
    for definition in schema["$defs"].values():
        for name, values in words.items():
            if name in definition.get("properties", {}):
                definition["properties"][name] = {"enum": values}
    derived = schema["$defs"]["Derived"]["properties"]
    derived["periods"]["items"] = {"enum": standard.periods}
    points = [f"{compare}_pp" for compare in standard.compares]
    derived["compare"]["items"] = {"enum": [*standard.compares, *points]}
    return schema


def _of(model: type[BaseModel], description: str) -> dict[str, Any]:
    schema = _without_origin(model.model_json_schema())
    return {"$schema": DRAFT, **schema, "description": description}


def _by_code(model: type[BaseModel], description: str) -> dict[str, Any]:
    schema = _without_origin(model.model_json_schema())
    definitions = schema.pop("$defs", {})
    return {
        "$schema": DRAFT,
        "description": description,
        "type": "object",
        "additionalProperties": schema,
        **({"$defs": definitions} if definitions else {}),
    }


def _without_origin(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as an analyst may write it: files and lines are added by the loader, titles say nothing."""
    plain: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "$defs":
            plain[key] = {name: _without_origin(inner) for name, inner in value.items() if name != "Origin"}
        elif key == "properties":
            plain[key] = {name: _untitled(inner) for name, inner in value.items() if name != "origin"}
        elif key != "title":
            plain[key] = value
    return plain


def _untitled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _untitled(inner) for key, inner in value.items() if key != "title"}
    return [_untitled(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    from indicators.loading import load_folder

    loaded = load_folder()
    if loaded.standard is None:
        raise SystemExit("The naming standard cannot be read: run `forecourt indicators check`.")
    print(
        "\n".join(f"written: {name}" for name in write(loaded.standard))
        or "The schemas are as they should be."
    )

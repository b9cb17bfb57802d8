"""Releases: which definition stands under which version, and the decision behind every change.

`registry/_released.yml` holds version and digest of each certified indicator, and of each modifier that one
is derived with (`modifier.<name>`). What is certified and above version 1 has a decision file,
`docs/decisions/indicators/<code>-v<version>.md`: what changed, why, who decided, and what it does to the
numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indicators.dictionary import definition
from indicators.digest import MODIFIER, digest, modifier_digest
from indicators.models import Indicator, Released
from indicators.registry import Registry

FOLDER = Path("docs/decisions/indicators")
HEADINGS = ("What changed", "Why", "Who decided", "Effect on the numbers")
_PLACEHOLDER = "(to be written)"
_HEADER = (
    "# yaml-language-server: $schema=schema/released.json\n"
    "# What was released, written by `forecourt indicators release`: a definition whose digest differs\n"
    "# needs a higher version and, when it is certified, a decision file in docs/decisions/indicators.\n"
)


@dataclass(frozen=True)
class Change:
    """A certified indicator or a modifier that differs from its release: `was` is None for a new one."""

    code: str
    version: int
    digest: str
    was: Released | None
    file: Path

    @property
    def needs_decision(self) -> bool:
        """A first release explains itself; every later version has a file."""
        return self.version > 1


def released(registry: Registry) -> dict[str, Released]:
    """What `_released.yml` should hold: every certified indicator and their modifiers, by code.

    A deprecated indicator, and a modifier that is gone, keep what was released of them, so that the code
    cannot come back with another meaning.
    """
    now = {
        item.code: Released(version=item.version, digest=digest(registry, item.code))
        for item in certified(registry)
    }
    for name in _modifiers(registry):
        version = registry.modifier_version(name)
        now[MODIFIER + name] = Released(version=version, digest=modifier_digest(registry, name))
    kept = {
        code: release
        for code, release in registry.released.items()
        if code.startswith(MODIFIER) or ((item := registry.indicator(code)) and item.status == "deprecated")
    }
    return dict(sorted({**kept, **now}.items()))


def certified(registry: Registry) -> list[Indicator]:
    """Every certified written indicator."""
    written: list[Indicator] = [
        *registry.atomics.values(),
        *registry.composites.values(),
        *registry.named.values(),
    ]
    return [item for item in written if item.status == "certified"]


def _modifiers(registry: Registry) -> set[str]:
    """The modifiers that certified indicators are derived with."""
    living = {item.code for item in certified(registry)}
    return {name for one in registry.derived.values() if one.base in living for name in one.modifiers}


def changes(registry: Registry, folder: Path = FOLDER) -> list[Change]:
    """Certified indicators and modifiers whose version or definition is not the one that was released."""
    return [
        Change(
            code,
            release.version,
            release.digest,
            registry.released.get(code),
            decision_file(folder, code, release.version),
        )
        for code, release in released(registry).items()
        if registry.released.get(code) != release
    ]


def decision_file(folder: Path, code: str, version: int) -> Path:
    """Where the decision behind a version stands."""
    return folder / f"{code}-v{version}.md"


def problems(registry: Registry, folder: Path = FOLDER) -> list[str]:
    """What stands in the way of a release, each in a sentence with its repair."""
    found = []
    for change in changes(registry, folder):
        if change.was and change.was.version >= change.version and change.was.digest != change.digest:
            found.append(
                f"{change.code}: its definition differs from the released version {change.was.version}: "
                f"raise its version to {change.was.version + 1}"
            )
    living = {item.code for item in certified(registry)} | {MODIFIER + n for n in _modifiers(registry)}
    for code, release in released(registry).items():
        if release.version > 1 and code in living:
            found += _file_problems(code, decision_file(folder, code, release.version))
    return found


def _file_problems(code: str, file: Path) -> list[str]:
    if not file.exists():
        return [f"{code}: {file} is missing: `forecourt indicators release --draft` writes its template"]
    text = file.read_text(encoding="utf-8")
    missing = [title for title in HEADINGS if not _section(text, title)]
    return [f"{code}: {file} says nothing under '{title}'" for title in missing]


def _section(text: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    said = found[1].strip() if found else ""
    return "" if said.startswith(_PLACEHOLDER) else said


def template(registry: Registry, change: Change, effect: Sequence[str] = ()) -> str:
    """A decision file to be filled in; `effect` are lines of what the change does to the numbers."""
    item = registry.indicator(change.code)
    title, meaning = "", ""
    if item is not None:
        title = f": {item.name.en} ({item.name.zh})"
        meaning = f"Definition: `{definition(registry, item)}`. Owner: {item.owner}."
    else:
        name = change.code.removeprefix(MODIFIER)
        homes = sorted(registry.modifiers[name])
        condition = registry.processes[homes[0]].modifiers[name]
        meaning = f"Definition: `{condition}`. Modifier of {', '.join(homes)}."
    return "\n".join(
        [
            f"# {change.code}, version {change.version}{title}",
            "",
            meaning,
            "",
            *(line for title in HEADINGS[:3] for line in (f"## {title}", "", _PLACEHOLDER, "")),
            f"## {HEADINGS[3]}",
            "",
            *(effect or [_PLACEHOLDER]),
            "",
        ]
    )


def released_text(registry: Registry) -> str:
    """The text of `_released.yml`."""
    lines = [
        f'{code}: {{version: {release.version}, digest: "{release.digest}"}}'
        for code, release in released(registry).items()
    ]
    return _HEADER + "\n".join(lines) + "\n"

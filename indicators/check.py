"""The checker: every rule over the registry; a finding names the rule, the file and line, and the repair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from indicators.facts import DBT_PROJECT, Facts, read_facts
from indicators.loading import REGISTRY_FOLDER, Finding, Loaded, load_folder
from indicators.models import Atomic, Process
from indicators.registry import Registry
from indicators.rules import (  # noqa: F401  (registers the rules)
    bindings,
    deriving,
    formulas,
    lifecycle,
    measuring,
    naming,
    sameness,
    standard,
)
from indicators.rules.base import RULES

# Rules whose findings make others meaningless: what cannot be read cannot be judged.
_FIRST = ("M01", "M02")
# Asked only of a registry without other faults: mending those changes definitions, and then the version.
_LAST = ("G04",)


def check_registry(registry: Registry) -> list[Finding]:
    """Every finding in a registry that could be read, by file and line."""
    findings = _findings(registry, _FIRST)
    if not findings:
        findings = _findings(registry, [code for code in RULES if code not in _FIRST + _LAST])
    if not findings:
        findings = _findings(registry, _LAST)
    return sorted(findings, key=lambda found: (found.file, found.line, found.rule))


def check_folder(folder: Path = REGISTRY_FOLDER, project: Path = DBT_PROJECT) -> list[Finding]:
    """Every finding in a folder of registry files; empty when it is clean.

    `project` is the dbt project whose facts the registry reads; where it has no models, what the registry
    binds is not checked against them.
    """
    loaded = load_folder(folder)
    if loaded.standard is None or loaded.findings:
        return sorted(loaded.findings, key=lambda found: (found.file, found.line))
    facts = _facts(loaded, project) if (project / "models").is_dir() else None
    return check_registry(Registry(loaded.standard, loaded.processes, loaded.released, loaded.drivers, facts))


def _facts(loaded: Loaded, project: Path) -> Facts:
    gated: list[Process | Atomic] = [*loaded.processes]
    gated += [item for process in loaded.processes for item in process.atomic]
    is_gated = any(item.gates or item.warns for item in gated)
    return read_facts((process.model for process in loaded.processes), is_gated, project)


def _findings(registry: Registry, codes: Sequence[str]) -> list[Finding]:
    return [
        Finding(code, at.message, at.origin.file, at.origin.line, at.repair or RULES[code].repair)
        for code in codes
        for at in RULES[code].find(registry)
    ]

"""The checker: every rule over the registry; a finding names the rule, the file and line, and the repair."""

from __future__ import annotations

from pathlib import Path

from indicators.loading import REGISTRY_FOLDER, Finding, load_folder
from indicators.registry import Registry
from indicators.rules import deriving, measuring, naming, standard  # noqa: F401  (registers the rules)
from indicators.rules.base import RULES

# Rules whose findings make others meaningless: what cannot be read cannot be judged.
_FIRST = ("M01", "M02")


def check_registry(registry: Registry) -> list[Finding]:
    """Every finding in a registry that could be read, by file and line."""
    findings = _findings(registry, _FIRST)
    if not findings:
        findings = _findings(registry, [code for code in RULES if code not in _FIRST])
    return sorted(findings, key=lambda found: (found.file, found.line, found.rule))


def check_folder(folder: Path = REGISTRY_FOLDER) -> list[Finding]:
    """Every finding in a folder of registry files; empty when it is clean."""
    loaded = load_folder(folder)
    if loaded.standard is None or loaded.findings:
        return sorted(loaded.findings, key=lambda found: (found.file, found.line))
    return check_registry(Registry(loaded.standard, loaded.processes, loaded.released, loaded.drivers))


def _findings(registry: Registry, codes: list[str] | tuple[str, ...]) -> list[Finding]:
    return [
        Finding(code, at.message, at.origin.file, at.origin.line, at.repair or RULES[code].repair)
        for code in codes
        for at in RULES[code].find(registry)
    ]

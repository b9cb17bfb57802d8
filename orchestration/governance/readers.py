"""Which pages show an indicator: the code of `dashboards` and `serving`, read as text.

A page names an indicator itself, or asks a loader whose question in `serving` reads a model that the
indicator flows into. Read as text, because this side of the house may not import the dashboards.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from indicators.registry import Registry
from indicators.usage import mentions

_LOADER = re.compile(r"^(\w+) = _cached\(_(\w+)\.", re.MULTILINE)
_ASKED = re.compile(r"\bloaders\.(\w+)")
_MODEL = re.compile(r"\bserving\.(srv_\w+)")


class Readers:
    """The texts of the readers' side, scanned once."""

    def __init__(self, registry: Registry, repository: Path) -> None:
        pages = _texts(repository, "dashboards")
        questions = _texts(repository, "serving")
        self._named = mentions(registry, {**pages, **questions})
        self._by_model = _pages_by_model(pages, questions)

    def naming(self, code: str) -> list[str]:
        """Files that write the code, or one derived from it."""
        return self._named.get(code, [])

    def showing(self, models: Iterable[str]) -> list[str]:
        """Files of the dashboards that show something of these models (`srv_weak_link` ...)."""
        return sorted({page for model in models for page in self._by_model.get(model, ())})


def _pages_by_model(pages: Mapping[str, str], questions: Mapping[str, str]) -> dict[str, set[str]]:
    models = {Path(name).stem: set(_MODEL.findall(text)) for name, text in questions.items()}
    loaders = dict(_LOADER.findall(pages.get("dashboards/loaders.py", "")))
    found: dict[str, set[str]] = {}
    for name, text in pages.items():
        for loader in _ASKED.findall(text):
            for model in models.get(loaders.get(loader, ""), ()):
                found.setdefault(model, set()).add(name)
    return found


def _texts(repository: Path, folder: str) -> dict[str, str]:
    files = sorted((repository / folder).rglob("*.py"))
    return {file.relative_to(repository).as_posix(): file.read_text(encoding="utf-8") for file in files}

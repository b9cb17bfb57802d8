"""Rules about codes, ids and names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from indicators.models import Atomic, Composite, Indicator
from indicators.registry import Registry, indicators_of
from indicators.rules.base import At, rule

MAX_CODE = 64
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ID = re.compile(r"IND-([A-Z]{3})-\d{4}")


def written(registry: Registry) -> Iterator[Indicator]:
    """Every indicator that somebody wrote, in the order of files and kinds; twins included."""
    for process in registry.all_processes:
        yield from indicators_of(process)


@rule("N01", "use lower-case snake case of at most 64 characters, e.g. lead_valid_cnt")
def code_is_snake_case(registry: Registry) -> Iterator[At]:
    """A code is lower-case snake case of at most 64 characters."""
    for item in written(registry):
        if not _SNAKE.fullmatch(item.code) or len(item.code) > MAX_CODE:
            yield At(item.origin, f"'{item.code}' is not a code")


@rule("N02", "build it from registered roots, or register the word in _roots.yml")
def code_is_built_from_roots(registry: Registry) -> Iterator[At]:
    """A code is a process root, qualifiers and a measure root, or a registered word."""
    roots = registry.standard.roots
    for item in written(registry):
        if item.code in roots.words or not _SNAKE.fullmatch(item.code):
            continue
        first, *middle, last = item.code.split("_") if "_" in item.code else (item.code, "")
        unknown = [word for word in middle if word not in roots.qualifier]
        if first not in roots.process:
            unknown.insert(0, first)
        if last not in roots.measure:
            unknown.append(last)
        if unknown:
            words = ", ".join(f"'{word}'" for word in unknown)
            yield At(item.origin, f"'{item.code}' uses {words}, not registered where it stands")


@rule("N03", "take the measure root that fits, e.g. _cnt for count, _uv for distinct, _amt for money")
def measure_root_fits_measure(registry: Registry) -> Iterator[At]:
    """The measure root says how the indicator is computed."""
    for item in written(registry):
        root = registry.standard.roots.measure.get(item.code.rsplit("_", 1)[-1])
        if root is None or item.code in registry.standard.roots.words:
            continue
        kind = "formula" if isinstance(item, Composite) else _kind(item)
        if kind and kind not in root.of:
            yield At(item.origin, f"'{item.code}' ends like a {root.name}, but it is a {kind}")


def _kind(item: Indicator) -> str | None:
    return item.measure.partition("(")[0] if isinstance(item, Atomic) else None


@rule("N04", "give one of them another code: one indicator has one code")
def code_is_unique(registry: Registry) -> Iterator[At]:
    """No code stands for two indicators."""
    yield from _twins(registry, "code", lambda item: item.code)


@rule("N05", "give the newer one a free number: an id is never used again")
def id_is_unique(registry: Registry) -> Iterator[At]:
    """No id stands for two indicators."""
    yield from _twins(registry, "id", lambda item: item.id)


@rule("N06", "write IND-<letters of the stage>-<four digits>")
def id_names_the_stage(registry: Registry) -> Iterator[At]:
    """An id is IND-, the letters of the indicator's stage, and four digits."""
    for item in written(registry):
        stage = registry.standard.stages.get(item.stage)
        found = _ID.fullmatch(item.id)
        if not found:
            yield At(item.origin, f"'{item.id}' is not an id")
        elif stage and found[1] != stage.letters:
            yield At(item.origin, f"'{item.id}' does not fit the stage {item.stage} ({stage.letters})")


@rule("N07", "rename one of them: the same name must not mean two things")
def english_name_is_unique(registry: Registry) -> Iterator[At]:
    """No English name stands for two indicators."""
    yield from _twins(registry, "English name", lambda item: item.name.en.casefold().strip())


@rule("N08", "rename one of them: the same name must not mean two things")
def chinese_name_is_unique(registry: Registry) -> Iterator[At]:
    """No Chinese name stands for two indicators."""
    yield from _twins(registry, "Chinese name", lambda item: item.name.zh.strip())


@rule("N09", "write the name in English and in Chinese")
def name_is_in_both_languages(registry: Registry) -> Iterator[At]:
    """The Chinese name holds Chinese characters, the English one is not empty and holds none."""
    for item in written(registry):
        if not re.search(r"[\u4e00-\u9fff]", item.name.zh):
            yield At(item.origin, f"the Chinese name of '{item.code}' has no Chinese character")
        if not item.name.en.strip() or re.search(r"[\u4e00-\u9fff]", item.name.en):
            yield At(item.origin, f"the English name of '{item.code}' is not English")


@rule("N10", "rename the written one, or drop it in favour of the generated one")
def code_is_not_generated_too(registry: Registry) -> Iterator[At]:
    """No written code is also the code of a generated indicator."""
    for item in written(registry):
        if item.code in registry.derived:
            yield At(
                item.origin, f"'{item.code}' is also generated from '{registry.derived[item.code].base}'"
            )


def _twins(registry: Registry, what: str, key) -> Iterator[At]:  # type: ignore[no-untyped-def]
    seen: defaultdict[str, list[Indicator]] = defaultdict(list)
    for item in written(registry):
        seen[key(item)].append(item)
    for value, items in seen.items():
        for item in items[1:]:
            yield At(item.origin, f"the {what} '{value}' is taken by {items[0].code} at {items[0].origin}")

"""Whether a snapshot was built from the definitions that the registry holds now.

The registry is read from its files whenever somebody asks, the numbers were computed when the snapshot was
built. Between a changed line of YAML and `make indicators` the two differ, and a number must not pass for one
of the new definition. What is compared is version and digest (`indicators.digest`) of everything that a code
comes down to: its operands, its modifiers, and the formulas between them.
"""

from weakref import WeakKeyDictionary

from indicators.dictionary import Node, formula_tree
from indicators.digest import MODIFIER, digests, written
from indicators.lookup import resolve
from indicators.models import Released
from indicators.registry import Registry
from serving.access import EVERYTHING
from serving.errors import QueryFailed
from serving.store import OpenVersion, Snapshot

_BUILD_IT = "run `make indicators`"
_built: WeakKeyDictionary[OpenVersion, dict[str, Released]] = WeakKeyDictionary()


def not_built(snapshot: Snapshot, registry: Registry, code: str) -> list[str]:
    """A sentence for each definition behind a code that is not the one that the snapshot was built from."""
    built = _built_from(snapshot)
    if not built:
        return [f"Snapshot {snapshot.version} does not say which definitions it was built from: {_BUILD_IT}."]
    found = []
    for name in _behind(registry, code):
        now = written(registry, name)
        if built.get(name) != now:
            found.append(_sentence(snapshot.version, registry, name, built.get(name), now))
    return found


def changed(snapshot: Snapshot, registry: Registry) -> set[str]:
    """Codes, and modifiers as `modifier.<name>`, that the snapshot was not built from as they stand now."""
    built = _built_from(snapshot)
    return {name for name, now in digests(registry).items() if built.get(name) != now}


def _built_from(snapshot: Snapshot) -> dict[str, Released]:
    """Version and digest by code; empty where the snapshot is older than the table that holds them."""
    known = _built.get(snapshot.opened)
    if known is None:  # every question asks; what a version was built from does not change
        try:
            table = snapshot.seen_by(EVERYTHING).query("SELECT * FROM indicators.indicator_digest")
        except QueryFailed:
            return {}
        rows = table.to_pylist()
        known = {row["definition"]: Released(version=row["version"], digest=row["digest"]) for row in rows}
        _built[snapshot.opened] = known
    return known


def _behind(registry: Registry, code: str) -> list[str]:
    """What a code comes down to: itself where it is named, its formulas, operands and modifiers."""
    derived = resolve(registry, code)
    named = [code] if code in registry.named else []
    modifiers = [MODIFIER + name for name in derived.modifiers]
    return [*named, *_tree(formula_tree(registry, derived.base)), *modifiers]


def _tree(node: Node) -> list[str]:
    below = [code for child in node.children for code in _tree(child)]
    return list(dict.fromkeys([node.code, *below]))


def _sentence(version: int, registry: Registry, name: str, was: Released | None, now: Released) -> str:
    what = f"the modifier '{name.removeprefix(MODIFIER)}'" if name.startswith(MODIFIER) else f"'{name}'"
    if was is None:
        return f"Snapshot {version} was built before {what} was written: {_BUILD_IT}."
    if was.version != now.version:
        said = f"Snapshot {version} holds version {was.version} of {what}, the registry version {now.version}"
    else:
        said = f"Snapshot {version} was built from another definition of {what}, of the same version"
    if name in registry.composites or name in registry.named:  # computed when asked, from what was built
        return f"{said}: its state and last good value are of the definition before; {_BUILD_IT}."
    return f"{said}: its numbers are of the definition before; {_BUILD_IT}."

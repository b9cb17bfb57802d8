"""Driver trees (`registry/_drivers.yml`): an indicator as a product of factors, and what moved it.

A tree's factors multiply to the indicator itself, so the change between two periods is the sum of their
effects (`decomposition.py` has the method). A factor may be another tree: the effect of the whole is then the
sum of the effects of its parts, which stand in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlglot import exp

from indicators import formula
from indicators.decomposition import Factor
from indicators.models import DriverEffect, Name
from indicators.registry import Registry


class DriverError(ValueError):
    """A driver tree that does not hold together, or none where one was asked for."""


@dataclass(frozen=True)
class Branch:
    """A factor of a tree as it is shown: its path from the root ("orders/traffic"), name, powers of codes."""

    path: str
    name: Name
    factor: Factor


@dataclass(frozen=True)
class Tree:
    """A tree with every other tree in it written out; `branches` are its leaves, in their order."""

    code: str
    name: Name
    branches: tuple[Branch, ...]

    @property
    def factors(self) -> list[Factor]:
        """The leaves as `decompose` takes them."""
        return [branch.factor for branch in self.branches]

    @property
    def codes(self) -> list[str]:
        """The indicators that the tree reads, the root first."""
        return list(dict.fromkeys([self.code, *(code for one in self.factors for code in one.powers)]))


def tree(registry: Registry, code: str) -> Tree:
    """The driver tree of an indicator. Raises DriverError where it has none, or one that is not right."""
    if code not in registry.drivers:
        known = ", ".join(registry.drivers) or "none"
        raise DriverError(f"'{code}' has no driver tree; these have one: {known} (registry/_drivers.yml).")
    branches = tuple(_branches(registry, code, (), ()))
    found = Tree(code, registry.drivers[code].name, branches)
    problems = _problems(registry, found)
    if problems:
        raise DriverError(f"The driver tree of '{code}' is not right: {problems[0]}")
    return found


def codes(registry: Registry) -> set[str]:
    """Every indicator that some driver tree reads."""
    return {one for code in registry.drivers for one in tree(registry, code).codes}


def dimensions(registry: Registry, found: Tree) -> list[str]:
    """The dimensions by which every indicator of the tree can be cut."""
    return [
        name
        for name in registry.standard.dimensions
        if all(name in registry.reachable(code) for code in found.codes)
    ]


def _branches(
    registry: Registry, code: str, above: tuple[str, ...], open_trees: tuple[str, ...]
) -> Iterable[Branch]:
    if code in open_trees:
        raise DriverError(f"The driver tree of '{code}' contains itself.")
    if code not in registry.drivers:
        raise DriverError(f"The driver tree of '{open_trees[-1]}' names a tree that is not there: '{code}'.")
    for effect in registry.drivers[code].effects:
        path = (*above, effect.effect)
        if effect.tree:
            yield from _branches(registry, effect.tree, path, (*open_trees, code))
        else:
            yield Branch("/".join(path), effect.name, Factor("/".join(path), _powers(code, effect)))


def _powers(code: str, effect: DriverEffect) -> dict[str, int]:
    """A formula of codes times and over one another as powers. Raises DriverError for anything else."""
    powers: Counter[str] = Counter()

    def add(node: exp.Expr, sign: int) -> None:
        if isinstance(node, exp.Column):
            powers[node.name] += sign
        elif isinstance(node, exp.Paren):
            add(node.this, sign)
        elif isinstance(node, exp.Mul | exp.Div):
            add(node.args["this"], sign)
            add(node.args["expression"], -sign if isinstance(node, exp.Div) else sign)
        else:
            raise DriverError(
                f"The effect '{effect.effect}' of '{code}' is no product: '{effect.formula}' may only "
                "multiply and divide codes."
            )

    add(formula.parse(effect.formula or ""), 1)
    return {name: power for name, power in powers.items() if power}


def _problems(registry: Registry, found: Tree) -> list[str]:
    unknown = [code for code in found.codes if code not in registry.bases]
    if unknown:
        return [f"there is no indicator '{unknown[0]}'."]
    product: Counter[str] = Counter()
    for factor in found.factors:
        product.update(factor.powers)
    left = {name: power for name, power in product.items() if power}
    problems = []
    if left != {found.code: 1}:
        written = " * ".join(f"{name}^{power}" for name, power in left.items()) or "1"
        problems.append(f"its factors multiply to {written}.")
    windows = {registry.matures(code) for code in found.codes}
    if len(windows) > 1:
        problems.append("its indicators mature after different windows, so they are not of the same cohorts.")
    if any(registry.additivity(code) in "RM" for code in found.codes):
        problems.append("a ratio or a median is a factor already: name what it is made of.")
    return problems

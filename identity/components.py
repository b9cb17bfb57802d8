"""The re-cut of components that contradict themselves."""

from collections.abc import Iterable, Mapping

from identity.clustering import components

__all__ = ["components", "recut"]


def recut(
    edges: Iterable[tuple[int, int]],
    traits: Mapping[int, Iterable[str]],
    contradictions: Iterable[tuple[str, str]],
) -> dict[int, int]:
    """Join nodes along `edges`, strongest first, but never two sides that contradict each other.

    `traits` gives for a node what is known of it ("born:1980-02-01", "given:anna"), `contradictions` the
    pairs of traits that no one person can have. Returns for each node met the smallest node of its cluster.
    This is Kruskal's algorithm with cannot-link constraints: the order of the edges decides, nothing else.
    """
    foes: dict[str, set[str]] = {}
    for left, right in contradictions:
        foes.setdefault(left, set()).add(right)
        foes.setdefault(right, set()).add(left)
    parent: dict[int, int] = {}
    held: dict[int, set[str]] = {}

    def find(node: int) -> int:
        if node not in parent:
            parent[node] = node
            held[node] = set(traits.get(node, ()))
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in edges:
        keep, drop = sorted((find(one), find(other)))
        if keep == drop or _contradict(held[keep], held[drop], foes):
            continue
        parent[drop] = keep
        held[keep] |= held.pop(drop)
    return {node: find(node) for node in list(parent)}


def _contradict(left: set[str], right: set[str], foes: Mapping[str, set[str]]) -> bool:
    return any(not foes[trait].isdisjoint(right) for trait in left if trait in foes)

"""From edges to people: connected components, and correlation clustering under constraints.

Pure functions on NumPy arrays: nodes are numbered 0 .. node_cnt-1 in the order of the records (oldest first,
so that ties go to the older record), and every result names for each node the smallest node of its group.
What an edge is worth is decided elsewhere (`identity.matching`, the dbt models).
"""

from identity.clustering.alarms import cluster_or_hold_back
from identity.clustering.components import components
from identity.clustering.constraints import Links, exclusive_pairs
from identity.clustering.correlation import cluster, objective

__all__ = ["Links", "cluster", "cluster_or_hold_back", "components", "exclusive_pairs", "objective"]

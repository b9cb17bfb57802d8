"""The match model: which pairs of records to compare, and how likely each pair is one person.

A pure library on a DuckDB connection: tables of records in, a table of scored pairs out. It decides nothing
about people: that is `identity.clustering`.
"""

from identity.matching.explaining import Step, waterfall
from identity.matching.model import MatchModel, MatchPlan
from identity.matching.preparing import prepare
from identity.matching.profiling import profile
from identity.matching.scoring import score
from identity.matching.training import train

__all__ = [
    "MatchModel",
    "MatchPlan",
    "Step",
    "prepare",
    "profile",
    "score",
    "train",
    "waterfall",
]

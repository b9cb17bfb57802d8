"""Text of the files that follow from the registry: SQL and YAML of dbt models, semantic models, catalogue.

Each module writes one kind of text and reads nothing but the registry; what is written where, and whether it
is already there, is `indicators.compile`'s.
"""

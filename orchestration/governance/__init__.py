"""What is known about the numbers besides the numbers: lineage, test results, states, values, definitions.

What belongs here: gathering it from dbt's artifacts, the registry and the warehouse, and writing it where
dbt's models read it (`raw_governance`). What does not: what an indicator means (indicators), and judging
whether it may be shown (the model `srv_indicator_status`).
"""

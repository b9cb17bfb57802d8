"""The asset graph, one module for each part of it: source systems, raw tables, dbt models, the published
snapshot.

Belongs here: what Dagster shows and when it runs. Does not belong here: the work itself, which is in
``orchestration.pipeline`` and below, the same for the command line.
"""

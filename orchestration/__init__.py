"""When and in what order: settings, the writer's lock, the pipeline's steps, the command line, the Dagster
definitions.

Belongs here: calling the other packages in the right order and saying in plain words what happened.
Does not belong here: what a row or a number means (dbt, the registry) and how data arrives (ingestion).
"""

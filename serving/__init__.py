"""The published snapshot: written, swapped, opened and queried here.

What belongs here: writing a snapshot from the warehouse, moving the pointer, opening the current version
for readers, and typed questions over `srv_` models and cubes. What does not: deciding when to publish
(orchestration), what a number means (dbt models and the indicator registry), and how it looks (dashboards).
"""

"""The indicator layer: what is counted, how it is named, and the SQL that follows from it.

Belongs here: the registry (`registry/*.yml`), its models and loader, the checker, the compiler that
writes dbt models, the query planner and the dictionary. Does not belong here: anything that opens a database.
"""

"""The source systems, one package each, all of one shape: ``source()``, ``build_source()``, ``python -m``.

Belongs here: which entities a system has and by which reader they come. Does not belong: what they mean.
"""

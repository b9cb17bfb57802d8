"""Benchmarks of the live path, one module for each verb: ``python -m tests.bench.live <verb>``.

A verb is a module here with a ``main(arguments: list[str])`` that measures, prints and keeps its figures with
:func:`tests.bench.live.tables.keep`.
"""

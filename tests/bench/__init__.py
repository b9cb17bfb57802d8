"""Benchmarks: ``python -m tests.bench`` (``make bench``). Figures with their machine go to
docs/BENCHMARKS.md.
"""

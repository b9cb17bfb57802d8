"""What a steward may do to OneID: decide, review, have it explained. Decisions are kept as seeds of the dbt
project (`log.py`), checked against the warehouse (`checks.py`), and take effect at the next build.

What a decision does to people is decided in `dbt_project/models/identity`; nothing of that belongs here.
"""

"""Files in the shapes that real systems hand over: SQLite, JSON lines, JSON pages, CSV, Parquet. No
content here.
"""

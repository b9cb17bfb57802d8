"""Events from the collector's segments straight into the warehouse, in one transaction.

Belongs here: which segments wait (`waiting`), loading them (`load`), knowing an id that was there before
(`seen`), and what becomes of a segment that is loaded (`archive`). The rows are checked, refused and counted
by the same code as in a load through dlt (`ingestion.batch`); only the way into the table differs. Does not
belong here: when that happens, and what is built of it.
"""

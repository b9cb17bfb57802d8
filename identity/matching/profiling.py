"""The profile of the records → what is compared, how dates are read, which keys block."""

import duckdb

from identity.matching.blocking import choose_keys
from identity.matching.fields import COMPARISONS
from identity.matching.model import MatchPlan
from identity.matching.preparing import (
    DATE_ORDERS,
    columns_of,
    create_macros,
    drop_macros,
    prepare,
    raw_column,
)

Connection = duckdb.DuckDBPyConnection
MOST_SOURCES = 40  # larger ones are told apart, the others count as one
LARGEST_SHARE = 0.9  # of the values of a column: what nearly all records share says nothing of anybody


def profile(con: Connection, records: str, prepared: str | None = None) -> MatchPlan:
    """The plan for the table `records` (record_no, source and any of the columns of a source record).

    Nothing is configured: a comparison is used when its columns hold at least two values of which none fills
    the column; dates are read in the order in which most of a source's dates are days of a calendar; blocking
    keys are those that find the pairs at a bounded cost. `prepared`: keep the prepared records as this table.
    """
    orders = date_orders(con, records)
    table = prepared or "match_profiled"
    prepare(con, records, table, orders)
    record_cnt = con.execute(f"select count(*) from {table}").fetchall()[0][0]
    names = tuple(c.name for c in COMPARISONS if all(_tells_apart(con, table, column) for column in c.needs))
    sources = con.execute(
        f"select source from {table} group by source order by count(*) desc, source limit {MOST_SOURCES}"
    ).fetchall()
    keys = tuple(choose_keys(con, table, record_cnt))
    if not prepared:
        con.execute(f"drop table {table}")
    return MatchPlan(names, keys, orders, tuple(sorted(row[0] for row in sources)), record_cnt)


def _tells_apart(con: Connection, table: str, column: str) -> bool:
    filled, commonest, values = con.execute(
        f"""
        select coalesce(sum(n), 0), coalesce(max(n), 0), count(*)
        from (select count(*) as n from {table} where {column} is not null group by {column})
        """
    ).fetchall()[0]
    return values >= 2 and filled >= 2 and commonest <= LARGEST_SHARE * filled


def date_orders(con: Connection, records: str) -> dict[str, str]:
    """Source -> 'ymd', 'dmy' or 'mdy', whichever makes most of its birth dates days between 1850 and 2100.

    Sources that leave it open (no date, or none with a day after the twelfth) follow all sources together.
    """
    columns = columns_of(con, records)
    date = raw_column(columns, "birth_date")
    if date.startswith("null"):
        return {}
    source = "coalesce(source::varchar, '')" if "source" in columns else "'all'"
    create_macros(con)
    counts = ", ".join(
        f"count(*) filter (try_strptime(match_date(t, '{order}'), '%Y%m%d')"
        " between '1850-01-01' and '2100-01-01')"
        for order in DATE_ORDERS
    )
    found = con.execute(
        f"select source, {counts} from (select {source} as source, {date} as t from {records})"
        " group by source"
    ).fetchall()
    drop_macros(con)
    total = [sum(row[i] for row in found) for i in (1, 2, 3)]
    return {name: _best(counts, total) for name, *counts in sorted(found)}


def _best(counts: list[int], total: list[int]) -> str:
    best = max(range(3), key=lambda i: (counts[i], total[i], -i))
    return DATE_ORDERS[best]

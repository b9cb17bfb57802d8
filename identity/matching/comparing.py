"""Candidate pairs → comparison vectors, and the distinct vectors among them.

Pairs are many (ten for each record), distinct vectors few (44 thousand among 1.2 million pairs of the town of
60 thousand records): what is learned and computed per pair is done per distinct vector, and looked up.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from identity.matching.fields import Comparison, level_sql
from identity.matching.model import MatchPlan
from identity.matching.preparing import literal

Connection = duckdb.DuckDBPyConnection
NAMED_VALUES = 20_000  # of one column: the model stays a few megabytes


class Vectors(NamedTuple):
    """Distinct comparison vectors: `levels` (vectors x comparisons, -1 missing), `frequency` (vectors x
    comparisons, log2 of the other records that have the value of one, -1 where none is agreed on), `source`
    (number of the pair of sources), `pair_cnt`.
    """

    levels: NDArray[np.int64]
    frequency: NDArray[np.int64]
    source: NDArray[np.int64]
    pair_cnt: NDArray[np.int64]


def value_frequencies(
    con: Connection, table: str, plan: MatchPlan
) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """For each comparison with term frequencies: value -> floor(log2(other records that have the value of
    one)), and the bits of all values that are not named.
    """
    frequencies: dict[str, dict[str, int]] = {}
    rare: dict[str, int] = {}
    for comparison in plan.compared:
        column = comparison.frequency
        if not column:
            continue
        counted = con.execute(
            f"""
            select value, floor(log2(n - 1))::int from (
                select {column} as value, count(*) as n from {table} where {column} is not null group by value
            ) where n > 1 order by n desc, value limit {NAMED_VALUES}
            """
        ).fetchall()
        frequencies[comparison.name] = dict(counted)
        full = len(counted) == NAMED_VALUES
        rare[comparison.name] = max(0, counted[-1][1] // 2) if full else 0
    return frequencies, rare


def table(columns: Mapping[str, NDArray]) -> pa.Table:
    """Arrays as a table that DuckDB can read."""
    return pa.table(dict(columns))


@contextmanager
def frequency_tables(con: Connection, frequencies: dict[str, dict[str, int]]) -> Iterator[None]:
    """The frozen frequencies as temp tables `match_frequency_<comparison>` (value, bits), while needed."""
    for name, bits in frequencies.items():
        values = {"value": pa.array(bits.keys(), pa.string()), "bits": pa.array(bits.values(), pa.int8())}
        con.register("match_values", pa.table(values))
        con.execute(f"create or replace temp table match_frequency_{name} as from match_values")
        con.unregister("match_values")
    yield
    for name in frequencies:
        con.execute(f"drop table match_frequency_{name}")


def _packed(parts: list[tuple[str, int]]) -> str:
    """One integer out of several small ones, each with how many values it can have."""
    terms, radix = [], 1
    for sql, size in parts:
        terms.append(f"({sql})::bigint * {radix}")
        radix *= size
    return " + ".join(terms) or "0"


def _unpacked(packed: NDArray[np.int64], sizes: list[int]) -> NDArray[np.int64]:
    columns = np.empty((len(packed), len(sizes)), dtype=np.int64)
    for i, size in enumerate(sizes):
        packed, columns[:, i] = np.divmod(packed, size)
    return columns


BITS = 32  # values of a frequency: -1 .. 30


def _sizes(compared: list[Comparison]) -> tuple[list[int], list[int]]:
    with_frequency = [comparison for comparison in compared if comparison.frequency]
    return [comparison.top + 2 for comparison in compared], [BITS] * len(with_frequency)


def create_compared(
    con: Connection, pairs: str, prepared: str, plan: MatchPlan, rare: dict[str, int], into: str
) -> None:
    """Create the temp table `into`: record_no, other_record_no, and the vector packed into two integers,
    `levels` and `context` (frequencies and the pair of sources).
    """
    compared = plan.compared
    source_cnt = len(plan.sources) + 1  # the last stands for a source that training did not see
    sources = f"list_position([{', '.join(map(literal, plan.sources))}]::varchar[], {{}}.source)"
    number = {side: f"coalesce({sources.format(side)}, {source_cnt}) - 1" for side in "lr"}
    levels = _packed([(f"{level_sql(comparison)} + 1", comparison.top + 2) for comparison in compared])
    rated = [comparison for comparison in compared if comparison.frequency]
    bits = [
        (f"case when l.{c.frequency} = r.{c.frequency} then {c.name}_bits else 0 end", BITS) for c in rated
    ]
    source = f"least({number['l']}, {number['r']}) * {source_cnt} + greatest({number['l']}, {number['r']})"
    context = _packed([*bits, (source, source_cnt**2)])
    _create_bits(con, pairs, prepared, rated, rare)
    con.execute(
        f"""
        create or replace temp table {into} as
        select pair.record_no, pair.other_record_no, {levels} as levels, {context} as context
        from {pairs} as pair
        inner join {prepared} as l on pair.record_no = l.record_no
        inner join {prepared} as r on pair.other_record_no = r.record_no
        inner join match_bits on pair.record_no = match_bits.record_no
        """
    )
    con.execute("drop table match_bits")


def _create_bits(
    con: Connection, pairs: str, prepared: str, rated: list[Comparison], rare: dict[str, int]
) -> None:
    """Create the temp table match_bits: how common the values of each record are that has a pair. Texts are
    looked up for each record, which are a tenth of the pairs.
    """
    found = "".join(f", coalesce(f_{c.name}.bits, {rare[c.name]}) + 1 as {c.name}_bits" for c in rated)
    joins = "".join(
        f" left join match_frequency_{c.name} as f_{c.name} on f_{c.name}.value = record.{c.frequency}"
        for c in rated
    )
    con.execute(
        f"""
        create or replace temp table match_bits as
        select record.record_no{found}
        from {prepared} as record {joins}
        where record.record_no in (select record_no from {pairs})
        """
    )


def distinct_vectors(con: Connection, compared: str, plan: MatchPlan, into: str) -> Vectors:
    """The distinct vectors of the table `compared`; `into` (levels, context, vector_no) numbers them."""
    con.execute(
        f"""
        create or replace temp table {into} as
        select levels, context, pair_cnt, row_number() over (order by levels, context) - 1 as vector_no
        from (select levels, context, count(*) as pair_cnt from {compared} group by levels, context)
        """
    )
    found = con.execute(f"select levels, context, pair_cnt from {into} order by vector_no").fetchnumpy()
    level_sizes, bit_sizes = _sizes(plan.compared)
    context = _unpacked(found["context"].astype(np.int64), [*bit_sizes, 2**62])
    frequency = np.full((len(context), len(level_sizes)), -1)
    for i, column in enumerate(i for i, c in enumerate(plan.compared) if c.frequency):
        frequency[:, column] = context[:, i] - 1
    return Vectors(
        _unpacked(found["levels"].astype(np.int64), level_sizes) - 1,
        frequency,
        context[:, -1],
        found["pair_cnt"].astype(np.int64),
    )

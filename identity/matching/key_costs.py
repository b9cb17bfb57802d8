"""What a blocking key costs: the candidate pairs that it makes for each record.

The atoms of the sampled records are read once, as numbers; a key is then counted without the database.
"""

from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
from numpy.typing import NDArray

Connection = duckdb.DuckDBPyConnection
Ints = NDArray[np.int64]
Codes = dict[str, Ints]  # atom -> number of its value in each record, -1 where there is none

LEAST_FILLED = 0.005  # share of the records that must have a key or an atom for it to be looked at


def atom_codes(con: Connection, table: str, atoms: Mapping[str, str]) -> Codes:
    """The values of each atom (name -> SQL) in the records of `table`, as numbers 0 .. values-1."""
    columns = ", ".join(
        f"case when nullif({sql}, '') is null then 0 else hash({sql}) end as {name}"
        for name, sql in atoms.items()
    )
    hashed = con.execute(f"select {columns} from {table}").fetchnumpy()
    codes: Codes = {}
    for name in atoms:
        values, number = np.unique(hashed[name], return_inverse=True)
        missing = int(len(values) > 0 and values[0] == 0)
        codes[name] = number.astype(np.int64) - missing
    return codes


def tells_apart(code: Ints) -> bool:
    """Whether an atom has several values and enough records have one."""
    filled = int(np.count_nonzero(code >= 0))
    return bool(code.max(initial=0) > 0) and filled > LEAST_FILLED * len(code)


def pairs_per_record(
    codes: Codes, keys: Sequence[tuple[str, ...]], record_cnt: int, sampled: float, largest: int
) -> dict[tuple[str, ...], float]:
    """For each key that could be used, the candidate pairs that it makes for each record.

    `record_cnt`: of all records; `sampled`: the share of them that `codes` holds; `largest`: records of a
    block that makes pairs, in the sample. Left out are keys that hardly any record has, and those of which
    most blocks are too large to be compared. Numbers of up to three atoms fit int64 for two million sampled
    records; raises OverflowError beyond.
    """
    width = {name: int(code.max(initial=0)) + 1 for name, code in codes.items()}
    found: dict[tuple[str, ...], float] = {}
    for key in keys:
        if float(np.prod([float(width[atom]) for atom in key])) >= 2.0**62:
            raise OverflowError(f"too many values for a key of {' + '.join(key)}")
        code = codes[key[0]]
        there = code >= 0
        for atom in key[1:]:
            there = there & (codes[atom] >= 0)
            code = code * width[atom] + codes[atom]
        sizes = _runs(code[there])
        filled = int(sizes.sum())
        fits = sizes <= largest
        pairs = float((sizes[fits] * (sizes[fits] - 1) / 2).sum())
        large = filled - int(sizes[fits].sum())
        if pairs and filled >= LEAST_FILLED * record_cnt * sampled and large <= 0.5 * filled:
            found[key] = pairs / record_cnt / sampled**2
    return found


def _runs(code: Ints) -> Ints:
    """How many records have each value."""
    code = np.sort(code)
    ends = np.flatnonzero(np.diff(code))
    return np.diff(np.concatenate([[-1], ends, [len(code) - 1]])) if len(code) else code

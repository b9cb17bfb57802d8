"""Candidate pairs: blocking keys chosen from the data, and the pairs that share one.

A key is a tuple of atoms (SQL over one prepared record). Every combination of one to three atoms is looked
at; those are taken that find the pairs at a bounded cost, fewest atoms first. In a small file every pair is a
candidate.
"""

from collections.abc import Sequence
from itertools import combinations

import duckdb

from identity.matching.key_costs import atom_codes, pairs_per_record, tells_apart

Connection = duckdb.DuckDBPyConnection
Key = tuple[str, ...]

ALL_PAIRS_BELOW = 1_500  # records: a million pairs are compared in seconds, and no rule can lose one
LARGEST_BLOCK = 60  # records: 1,770 pairs; what more records share tells them apart too badly to be worth it
# Two records that agree on one of these are always compared, whatever it costs.
SURE_KEYS: frozenset[Key] = frozenset({
    ("national_id",), ("email",), ("phone",), ("device_id",), ("vin",), ("crm_id",), ("app_user_id",),
    ("given", "family", "birth"),
})  # fmt: skip
SAMPLE = 100_000  # records from which the cost of a key is estimated

# What of a record can stand in a key. Atoms of one group are parts of one value: a key takes one of each.
ATOMS: dict[str, tuple[str, str]] = {
    "national_id": ("national_id", "national_id"),
    "national_id_head": ("national_id", "left(national_id, length(national_id) // 2)"),
    "national_id_tail": ("national_id", "right(national_id, (length(national_id) + 1) // 2)"),
    "email": ("email", "email"),
    "email_name": ("email", "split_part(email, '@', 1)"),
    "phone": ("phone", "phone"),
    "device_id": ("device_id", "device_id"),
    "vin": ("vin", "vin"),
    "crm_id": ("crm_id", "crm_id"),
    "app_user_id": ("app_user_id", "app_user_id"),
    "address": ("address", "address"),
    "road": ("address", "road"),
    "house": ("address", "nullif(house, '')"),
    "given": ("given", "given"),
    "given_head": ("given", "left(given, 3)"),
    "initial": ("given", "left(given, 1)"),
    "family": ("family", "family"),
    "family_head": ("family", "left(family, 4)"),
    "family_sound": (
        "family", "left(family, 1) || left(regexp_replace(substr(family, 2), '[aeiouyhw]', '', 'g'), 3)"
    ),
    "birth": ("birth", "birth"),
    "birth_month": ("birth", "left(birth, 6)"),
    "birth_year": ("birth", "left(birth, 4)"),
    "birth_day": ("birth", "substr(birth, 5)"),
    "postal_code": ("postal_code", "postal_code"),
    "city": ("city", "city"),
    "organisation": ("organisation", "organisation"),
    "organisation_head": ("organisation", "left(replace(organisation, ' ', ''), 8)"),
    "organisation_tail": ("organisation", "right(replace(organisation, ' ', ''), 8)"),
    "organisation_words": ("organisation", "array_to_string(list_sort(words)[1:2], ' ')"),
    "organisation_start": ("organisation", "left(organisation, 4)"),
}  # fmt: skip


# Atom -> atoms that are a part of it: two records that agree on it agree on them.
COARSER = {
    "national_id": ("national_id_head", "national_id_tail"),
    "email": ("email_name",),
    "address": ("road", "house"),
    "given": ("given_head", "initial"),
    "given_head": ("initial",),
    "family": ("family_head", "family_sound"),
    "birth": ("birth_month", "birth_year", "birth_day"),
    "birth_month": ("birth_year",),
    "organisation": ("organisation_head", "organisation_tail", "organisation_words", "organisation_start"),
    "organisation_head": ("organisation_start",),
}


def _coarser(key: Key, other: Key) -> bool:
    """Whether every pair that `other` finds is found by `key` too."""
    return key != other and all(any(a == b or a in COARSER.get(b, ()) for b in other) for a in key)


def choose_keys(con: Connection, table: str, record_cnt: int) -> list[Key]:
    """The blocking keys for the prepared records in `table`; none where all pairs are to be compared.

    Of all combinations of up to three atoms those are taken that cost less than a limit and of which no
    coarser one does: the most error-tolerant keys that can be afforded, for every combination of fields. The
    limit is the highest at which all keys together stay within the budget. What a person's own records cost
    (as many pairs as the sure keys make) is free: every good key finds these again. Sure keys are always
    taken.
    """
    if record_cnt <= ALL_PAIRS_BELOW:
        return []
    sampled = min(1.0, SAMPLE / record_cnt)
    where = f"where hash(record_no) % {record_cnt} < {SAMPLE}" if sampled < 1 else ""
    codes = atom_codes(con, f"(from {table} {where})", {atom: sql for atom, (_, sql) in ATOMS.items()})
    largest = max(4, round(LARGEST_BLOCK * sampled))
    cost: dict[Key, float] = {}
    usable: Sequence[str] = list(ATOMS)
    for size in (1, 2, 3):
        keys = [key for key in combinations(usable, size) if len({ATOMS[atom][0] for atom in key}) == size]
        if size == 3:
            enough = [key for key, pairs in cost.items() if pairs < 0.5]
            keys = [key for key in keys if key in SURE_KEYS or not any(_coarser(k, key) for k in enough)]
        cost |= pairs_per_record(codes, keys, record_cnt, sampled, largest)
        if size == 1:
            usable = [atom for atom in ATOMS if tells_apart(codes[atom])]
    sure = [key for key in cost if key in SURE_KEYS]
    doubles = max((cost[key] for key in sure), default=0.0)  # true pairs, which every good key finds again
    extra = {key: max(0.0, pairs - doubles) for key, pairs in cost.items()}
    budget = min(40.0, max(10.0, 3e6 / record_cnt))
    best: list[Key] = []
    for limit in (0.25 * 1.4**i for i in range(12)):
        cheap = [key for key in cost if extra[key] <= limit]
        keys = [key for key in cheap if not any(_coarser(other, key) for other in cheap)]
        if not best or sum(extra[key] for key in keys) <= budget:
            best = keys
    lost = [key for key in sure if not any(key == other or _coarser(other, key) for other in best)]
    return sorted([*best, *lost], key=lambda key: (cost[key], key))


def create_pairs(
    con: Connection, table: str, keys: Sequence[Key], into: str, new_records: str | None = None
) -> None:
    """Create the temp table `into` (record_no < other_record_no): the distinct pairs that share a key.

    No keys: every pair. `new_records` (a table with record_no): only pairs with at least one of these, the
    same ones as without it. Blocks of more than LARGEST_BLOCK records make no pairs.
    """
    if keys:
        _create_atoms(con, table, keys, new_records)
        select = " union all ".join(_block_pairs(key, bool(new_records)) for key in keys)
    else:
        select = _all_pairs(table)
    new = f"(select record_no from {new_records})"
    where = f"where record_no in {new} or other_record_no in {new}" if new_records else ""
    con.execute(f"create or replace temp table {into} as select distinct * from ({select}) {where}")
    con.execute("drop table if exists match_atom")


def _all_pairs(table: str) -> str:
    return f"""
        select a.record_no, b.record_no as other_record_no
        from {table} as a inner join {table} as b on a.record_no < b.record_no
        """


def _create_atoms(con: Connection, table: str, keys: Sequence[Key], new_records: str | None) -> None:
    """Create the temp table match_atom: record_no, is_new, and by atom its 64-bit hash, null where it is
    empty.

    An atom stands in many keys: hashed once, a key costs no more than a few numbers for each record.
    """
    used = sorted({atom for key in keys for atom in key})
    hashes = ", ".join(
        f"case when nullif({ATOMS[atom][1]}, '') is not null then hash({ATOMS[atom][1]}) end as {atom}"
        for atom in used
    )
    is_new = f"record_no in (select record_no from {new_records})" if new_records else "true"
    con.execute(
        f"create or replace temp table match_atom as "
        f"select record_no, {is_new} as is_new, {hashes} from {table}"
    )


def _block_pairs(key: Key, only_new: bool) -> str:
    there = " and ".join(f"{atom} is not null" for atom in key)
    block = f"hash({', '.join(key)})"
    touched = f"and {block} in (select {block} from match_atom where is_new and {there})" if only_new else ""
    return f"""
        select record_no, unnest(list_filter(members, lambda member: member > record_no)) as other_record_no
        from (
            select unnest(members) as record_no, members from (
                select list(record_no) as members from match_atom where {there} {touched}
                group by {block} having count(*) between 2 and {LARGEST_BLOCK}
            )
        )
        """

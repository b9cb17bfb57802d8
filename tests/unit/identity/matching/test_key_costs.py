"""What a key costs is what the database would count."""

import duckdb
import numpy as np
import pytest

from identity.matching.key_costs import atom_codes, pairs_per_record, tells_apart

ATOMS = {"family": "family", "head": "left(family, 1)", "city": "city"}


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        con.execute(
            """
            create table person as select
                case when i % 7 = 0 then null else chr((97 + i * 31 % 23)::int) || (i % 5) end as family,
                case when i % 11 = 0 then '' else 'city' || (i * i % 13) end as city
            from range(1000) as t (i)
            """
        )
        yield con


@pytest.mark.parametrize("key", [("family",), ("head", "city"), ("family", "city")])
def test_pairs_are_those_of_the_blocks(con, key):
    there = " and ".join(f"nullif({ATOMS[atom]}, '') is not null" for atom in key)
    columns = ", ".join(ATOMS[atom] for atom in key)
    pairs = con.execute(
        "select sum(n * (n - 1) / 2)"
        f" from (select count(*) as n from person where {there} group by {columns})"
    ).fetchall()[0][0]
    found = pairs_per_record(atom_codes(con, "person", ATOMS), [key], 1000, 1.0, largest=1000)
    assert found == {key: pytest.approx(pairs / 1000)}


def test_a_key_whose_blocks_are_too_large_is_left_out(con):
    assert pairs_per_record(atom_codes(con, "person", ATOMS), [("head",)], 1000, 1.0, largest=10) == {}


def test_only_several_values_on_enough_records_tell_apart():
    number = np.arange(1000)
    assert tells_apart(number % 3)
    assert not tells_apart(np.zeros(1000, dtype=np.int64))
    assert not tells_apart(np.where(number < 4, number, -1))
    assert not tells_apart(np.empty(0, dtype=np.int64))

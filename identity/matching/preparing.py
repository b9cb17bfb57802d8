"""Records as typed → the columns that are compared, and nothing else (one SQL statement).

Names become words without accents and punctuation, dates eight digits, a street house number and road. Only
what every country shares is done here; what depends on the data (the order of day and month in each source)
comes from the plan.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from identity.matching.model import MatchPlan

Connection = duckdb.DuckDBPyConnection

# Prepared column <- the column of a record that it is read from.
TEXT = ("city", "region")
CODES = ("postal_code", "national_id", "device_id", "vin", "crm_id", "app_user_id")
PREPARED = (
    "given", "middle", "family", "birth", "gender", "email", "phone", "address", "house", "road",
    *TEXT, *CODES, "organisation", "words",
)  # fmt: skip
DATE_ORDERS = ("ymd", "dmy", "mdy")

_TITLES = r"\b(dr|prof|dipl|ing|med|herr|frau|mr|mrs|ms|jr|sr)\b"
_ROADS = (
    (r"\b(street|strasse|str)\b", "st"), (r"strasse\b", "str"), (r"\b(avenue)\b", "ave"), (r"\broad\b", "rd"),
    (r"\b(drive)\b", "dr"), (r"\b(place)\b", "pl"), (r"\b(lane)\b", "ln"), (r"\b(court)\b", "ct"),
    (r"\b(boulevard)\b", "blvd"), (r"\b(crescent)\b", "cr"),
)  # fmt: skip
_MACROS = r"""
create or replace temp macro match_fold(t) as nullif(trim(regexp_replace(regexp_replace(
    translate(strip_accents(replace(lower(t), 'ß', 'ss')), 'øłđðı''`', 'olddi'),
    '([aou])e', '\1', 'g'), '[^\p{L}\p{N}]+', ' ', 'g')), '');
create or replace temp macro match_code(t) as nullif(regexp_replace(lower(t), '[^\p{L}\p{N}]+', '', 'g'), '');
create or replace temp macro match_year(y) as case when length(y) = 4 then y
    when length(y) = 2 and y::integer > 30 then '19' || y when length(y) = 2 then '20' || y end;
create or replace temp macro match_date(t, form) as (case
    when t is null then null
    when regexp_full_match(t, '[0-9]{4}[^0-9]+[0-9]{1,2}[^0-9]+[0-9]{1,2}.*') then
        regexp_extract(t, '^([0-9]{4})', 1)
        || lpad(regexp_extract(t, '^[0-9]{4}[^0-9]+([0-9]{1,2})', 1), 2, '0')
        || lpad(regexp_extract(t, '^[0-9]{4}[^0-9]+[0-9]{1,2}[^0-9]+([0-9]{1,2})', 1), 2, '0')
    when regexp_full_match(t, '[0-9]{1,2}[^0-9]+[0-9]{1,2}[^0-9]+([0-9]{2}|[0-9]{4})') then
        match_year(regexp_extract(t, '([0-9]+)$', 1)) || case when form = 'dmy'
            then lpad(regexp_extract(t, '^[0-9]{1,2}[^0-9]+([0-9]{1,2})', 1), 2, '0')
                || lpad(regexp_extract(t, '^([0-9]{1,2})', 1), 2, '0')
            else lpad(regexp_extract(t, '^([0-9]{1,2})', 1), 2, '0')
                || lpad(regexp_extract(t, '^[0-9]{1,2}[^0-9]+([0-9]{1,2})', 1), 2, '0') end
    when regexp_matches(t, '[A-Za-z]{3}') then strftime(try_strptime(replace(t, ',', ''), [
        '%d-%b-%y', '%d-%b-%Y', '%d %b %Y', '%d %B %Y', '%b %d %Y', '%B %d %Y']), '%Y%m%d')
    when regexp_full_match(t, '[0-9]{8}') then case form
        when 'ymd' then t
        when 'dmy' then right(t, 4) || substr(t, 3, 2) || left(t, 2)
        else right(t, 4) || left(t, 4) end
    when regexp_full_match(t, '[0-9]{4}') then t
    else nullif(regexp_replace(t, '[^0-9]', '', 'g'), '') end);
"""


def columns_of(con: Connection, table: str) -> list[str]:
    """Names of a table's columns."""
    return [row[0] for row in con.execute(f"describe select * from {table}").fetchall()]


def raw_column(columns: list[str], name: str) -> str:
    """SQL for a column as typed: `typed_<name>` where there is one, else `<name>`, else null."""
    found = [f"nullif(trim({c}::varchar), '')" for c in (f"typed_{name}", name) if c in columns]
    return f"coalesce({', '.join(found)})" if found else "null::varchar"


def create_macros(con: Connection) -> None:
    """The temporary SQL macros that preparation uses."""
    con.execute(_MACROS)


def drop_macros(con: Connection) -> None:
    """Remove them again."""
    for name in ("match_fold", "match_code", "match_date", "match_year"):
        con.execute(f"drop macro if exists {name}")


def prepare(
    con: Connection,
    records: str,
    into: str,
    date_orders: Mapping[str, str] | None = None,
    only: str | None = None,
) -> None:
    """Create the temp table `into` (record_no, source, PREPARED columns) from the table `records`.

    `records` has `record_no` and any of the columns of a source record. `date_orders`: source -> 'ymd', 'dmy'
    or 'mdy', the order in which it writes dates that do not begin with the year. `only`: SQL condition.
    """
    create_macros(con)
    columns = columns_of(con, records)
    raw = {name: raw_column(columns, name) for name in (*_TYPED, *TEXT, *CODES)}
    typed = ", ".join(f"{sql} as {name}" for name, sql in raw.items())
    source = "coalesce(source::varchar, '')" if "source" in columns else "'all'"
    where = f"where {only}" if only else ""
    orders = " ".join(
        f"when {literal(source_name)} then '{order}'"
        for source_name, order in sorted((date_orders or {}).items())
    )
    order = f"case source {orders} else 'ymd' end" if orders else "'ymd'"
    select = _SELECT.format(
        typed=typed,
        source=source,
        records=records,
        where=where,
        order=order,
        titles=_TITLES,
        road=_road("street_folded"),
        text=", ".join(f"match_fold({name}) as {name}" for name in TEXT),
        codes=", ".join(f"match_code({name}) as {name}" for name in CODES),
    )
    con.execute(f"create or replace temp table {into} as {select}")
    drop_macros(con)


def prepared_table(con: Connection, records: str, plan: "MatchPlan") -> tuple[str, bool]:
    """The table of prepared records: `records` itself when it is one, else a temp table (and True)."""
    if {"given", "house", "words"} <= set(columns_of(con, records)):
        return records, False
    prepare(con, records, "match_prepared", plan.date_orders)
    return "match_prepared", True


_TYPED = (
    "full_name", "given_name", "family_name", "organisation", "birth_date", "gender", "email", "phone",
    "street",
)  # fmt: skip


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _road(column: str) -> str:
    for pattern, short in _ROADS:
        column = f"regexp_replace({column}, '{pattern}', '{short}', 'g')"
    return column


_SELECT = r"""
with typed as (
    select record_no::bigint as record_no, {source} as source, {typed} from {records} {where}
),
named as (
    select
        *,
        case
            when given_name is not null or family_name is not null or full_name is null then given_name
            when contains(full_name, ',') then trim(split_part(full_name, ',', 2))
            when contains(full_name, ' ') then regexp_extract(full_name, '^(.+)\s+\S+$', 1)
        end as given_typed,
        case
            when given_name is not null or family_name is not null or full_name is null then family_name
            when contains(full_name, ',') then trim(split_part(full_name, ',', 1))
            else regexp_extract(full_name, '(\S+)$', 1)
        end as family_typed
    from typed
),
folded as (
    select
        *,
        match_fold(regexp_replace(lower(given_typed), '{titles}', ' ', 'g')) as given_folded,
        match_fold(regexp_replace(lower(family_typed), '{titles}', ' ', 'g')) as family_folded,
        match_fold(street) as street_folded,
        match_fold(organisation) as organisation_folded
    from named
),
cut as (
    select
        *,
        regexp_extract(street_folded, '([0-9]+( ?[a-z]\b)?)', 1) as house_found,
        {road} as road_found
    from folded
)
select
    record_no,
    source,
    split_part(given_folded, ' ', 1) as given,
    case when contains(given_folded, ' ') then substr(given_folded, position(' ' in given_folded) + 1) end
    as middle,
    replace(family_folded, ' ', '') as family,
    match_date(birth_date, {order}) as birth,
    left(lower(gender), 1) as gender,
    nullif(regexp_replace(lower(email), '\s|^mailto:', '', 'g'), '') as email,
    right(nullif(regexp_replace(phone, '[^0-9]', '', 'g'), ''), 9) as phone,
    nullif(replace(regexp_replace(road_found, '[0-9]', '', 'g') || ' ' || house_found, ' ', ''), '') as
    address,
    coalesce(replace(house_found, ' ', ''), '') as house,
    replace(regexp_replace(road_found, '[0-9]', '', 'g'), ' ', '') as road,
    {text},
    {codes},
    organisation_folded as organisation,
    list_distinct(string_split(organisation_folded, ' ')) as words
from cut
"""

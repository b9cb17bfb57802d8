"""The traps that the demo world plants for OneID: who looks like one person and is two. None may be merged.

A merge is an id that stands for named records of two people; a record that names nobody proves nothing.
"""

from collections.abc import Iterator

import duckdb
import pytest

PLACEHOLDERS = ("noemail@example.com", "test@test.de", "keine@angabe.de", "unbekannt@web.de", "a@a.de")
SAME_HOME = "one.household_id = other.household_id and one.person_id < other.person_id"
# people of one home and different names who are reached by the same number or address
SHARED = """
    select distinct one.person_id, other.person_id from named as one
    join named as other on one.{0} = other.{0} and one.person_id < other.person_id
        and one.household_id = other.household_id and one.true_name <> other.true_name
    """
# trap -> the pairs of people that it tempts one to merge
TRAPS = {
    "twins": f"""
        select one.person_id, other.person_id from truth_person as one
        join truth_person as other on {SAME_HOME} and one.birth_date = other.birth_date
            and one.family_name = other.family_name
        """,
    # two of one name who share even the e-mail look like one in every record: nobody could tell them apart
    "father_and_son_of_one_name": f"""
        select one.person_id, other.person_id from truth_person as one
        join truth_person as other on {SAME_HOME} and one.given_name = other.given_name
            and one.family_name = other.family_name
        where not exists(
            select 1 from named as mine join named as theirs on mine.email = theirs.email
            where mine.person_id = one.person_id and theirs.person_id = other.person_id
        )
        """,
    "family_phone": SHARED.format("phone"),
    "family_email": SHARED.format("email"),
    "placeholder_email": f"""
        with fake as (select person_id from named where email in {PLACEHOLDERS} group by all)
        select one.person_id, other.person_id from fake as one
        join fake as other on one.person_id < other.person_id
        """,
    "dealers_own_phone": """
        with lazy as (
            select distinct named.person_id, named.phone from named
            join identity.id_shared_value as shared
                on shared.identifier_type = 'phone' and shared.identifier_value = named.phone
        )
        select one.person_id, other.person_id from lazy as one
        join lazy as other on one.phone = other.phone and one.person_id < other.person_id
        """,
    "company_car": "select person_id, drives_for from truth_person where drives_for is not null",
    "next_owner": """
        with owner as (
            select distinct car.vin, truth.person_id from raw_service.vehicle as car
            join truth_record_person as truth on truth.source = 'service' and truth.entity = 'customer'
                and truth.record_key = car.customer_no::varchar
            union
            select distinct upper(delivery.vin), truth.person_id from raw_crm.delivery as delivery
            join truth_record_person as truth on truth.source = 'crm' and truth.entity = 'card'
                and truth.record_key = delivery.card_id
        )
        select distinct one.person_id, other.person_id from owner as one
        join owner as other on one.vin = other.vin and one.person_id < other.person_id
        """,
}


@pytest.fixture(params=["tiny", "demo"])
def world(request) -> Iterator[duckdb.DuckDBPyConnection]:
    """Each world that was built for this session, with `named`: records that name somebody, and who it is."""
    with request.getfixturevalue(request.param).connect() as connection:
        connection.execute(
            """
            create temp table named as
            select record.*, map.one_id, truth.person_id, person.household_id, person.given_name as true_name
            from identity.id_record as record
            join identity.id_map as map using (record_no)
            join truth_record_person as truth on truth.source = record.source and truth.entity = record.entity
                and truth.record_key = record.source_key
            join truth_person as person on person.person_id = truth.person_id
            where coalesce(record.given_name, record.organisation) is not null
            """
        )
        yield connection


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_merges_two_people(world: duckdb.DuckDBPyConnection, trap: str):
    world.execute(
        f"create temp table tempted as select * from ({TRAPS[trap]}) as pair (person_id, other_person_id)"
    )
    assert world.execute("select count(*) from tempted").fetchone()[0] > 0, "the trap is not planted"
    merged = world.execute(
        """
        select distinct one.one_id, tempted.* from tempted
        join named as one on one.person_id = tempted.person_id
        join named as other on other.person_id = tempted.other_person_id and other.one_id = one.one_id
        """
    ).fetchall()
    assert merged == []

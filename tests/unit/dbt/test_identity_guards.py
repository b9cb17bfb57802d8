"""A dealer's phone on 20,000 customers, a placeholder e-mail on one in a hundred: found, nobody merged."""

from itertools import product
from pathlib import Path

from .one_id import OneId, Record, parsed, people

CUSTOMERS, TWICE = 20_000, 400  # the first 400 have a second record, tied by an e-mail of their own
PHONE, PLACEHOLDER = "0621 7654321", "kunde@haendler.example"
SYLLABLES = [a + b for a, b in product("bdfghklmnprst", "aeiou")]


def name(number: int) -> str:
    """One of 4,225 names of two syllables: some customers share theirs, given and family name."""
    return (SYLLABLES[number // 65 % 65] + SYLLABLES[number % 65]).capitalize()


def customer(number: int, record: str) -> Record:
    own = f"kunde{number}@mail{number % 7}.de"
    return {
        "record_id": f"{record}{number}",
        "source": record,
        "given_name": name(number),
        "family_name": name(number * 101),
        "email": own if number < TWICE or number % 100 else PLACEHOLDER,
        "phone": PHONE,
    }


def test_a_dealers_phone_and_a_placeholder_are_found_and_merge_nobody(tmp_path: Path):
    one_id = OneId(tmp_path, parsed())
    records = [customer(number, "crm") for number in range(CUSTOMERS)]
    records += [customer(number, "app") for number in range(TWICE)]
    found = people(one_id.build(records))
    assert len(found) == CUSTOMERS
    assert {members for members in found if len(members) > 1} == {
        frozenset({f"crm{number}", f"app{number}"}) for number in range(TWICE)
    }
    shared = one_id.rows(
        """
        select identifier_type, reason, record_cnt from identity.id_shared_value
        where reason <> 'listed' order by all
        """
    )
    placeholders = sum(record["email"] == PLACEHOLDER for record in records)
    assert shared == [("email", "too_many_names", placeholders), ("phone", "too_many_names", len(records))]
    dropped = one_id.rows(
        """
        select rule, drop_reason, count(*) from identity.id_edge
        where not is_kept group by all order by all
        """
    )
    assert dropped == [
        ("email", "shared_value", placeholders - 1),
        ("phone", "shared_value", len(records) - 1),
    ]

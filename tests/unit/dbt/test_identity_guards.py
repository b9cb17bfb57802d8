"""Values that strangers share are found by the guards themselves, with rules and scores: nobody is merged,
and each edge that was dropped stands in id_edge with its reason.

One world of records, one build. 20,000 customers share a dealer's telephone, one in a hundred a placeholder
e-mail; beside them small groups, each with a trap of its own kind.
"""

from itertools import product

import pytest

from .one_id import OneId, Record, parsed, people

CUSTOMERS, TWICE = 20_000, 400  # the first 400 have a second record, tied by an e-mail of their own
PHONE, PLACEHOLDER = "0621 7654321", "kunde@haendler.example"
SYLLABLES = [a + b for a, b in product("bdfghklmnprst", "aeiou")]


def name(number: int) -> str:
    """One of 4,225 names of two syllables."""
    return (SYLLABLES[number // 65 % 65] + SYLLABLES[number % 65]).capitalize()


def customer(number: int, record: str) -> Record:
    own = f"kunde{number}@mail{number % 7}.de"
    return {
        "record_id": f"{record}{number}",
        "source": record,
        "given_name": name(number),
        "family_name": name(number * 101 + number // 4225 * 37) + SYLLABLES[number % 61],
        "email": own if number < TWICE or number % 100 else PLACEHOLDER,
        "phone": PHONE,
    }


def switchboard() -> list[Record]:
    """No record has a name: what else they carry tells that fifteen callers are not one."""
    return [{"email": f"anrufer{number}@firma.de", "phone": "030 5550100"} for number in range(15)]


def form_default() -> list[Record]:
    """One record has a name; sixty others have nothing but the same address."""
    somebody = {"given_name": "Wolfgang", "family_name": "Ahrens"}
    return [{"email": "angabe@formular.de", **record} for record in [somebody, *[{}] * 60]]


def cash_customer() -> list[Record]:
    """One customer number for everybody who buys at the counter; some of them are called Anna."""
    given = ("Anna", "Bert", "Cora", "Anna", "Dirk", "Emma", "Anna")
    return [
        {"given_name": one, "family_name": f"{name(77 * i)}er", "crm_id": "K00099"}
        for i, one in enumerate(given)
    ]


def filled_number() -> list[Record]:
    """A national number that the form was filled with."""
    given = ("Hanna", "Ingo", "Jana", "Kurt", "Lena", "Hanna")
    return [
        {"given_name": one, "family_name": f"{name(91 * i)}mann", "national_id": "123456789"}
        for i, one in enumerate(given)
    ]


def chain_of_strangers() -> list[Record]:
    """Nine women called Anna; records without a name tie each to the next, by a mailbox and a telephone."""
    chain: list[Record] = []
    for i, initial in enumerate("BDFGHKLMN"):
        mail, phone, card = f"glied{i}@kette.de", f"0171 55501{i:02}", f"KETTE{i}"
        chain += [
            {"given_name": "Anna", "family_name": f"{initial}{name(211 * i)}".capitalize(), "email": mail},
            {"email": mail, "crm_id": card},
            {"crm_id": card, "phone": phone},
            {"phone": phone, "email": f"glied{(i + 1) % 9}@kette.de"},
        ]
    return chain


# trap -> its records; all names of one trap are different people
TRAPS: dict[str, list[Record]] = {
    "switchboard": switchboard(),
    "form_default": form_default(),
    "cash_customer": cash_customer(),
    "filled_number": filled_number(),
    "chain_of_strangers": chain_of_strangers(),
}
# trap -> the reason of the edges that would have merged somebody, and how many of them there are
DROPPED = {
    "switchboard": {"shared_value": 14},
    "form_default": {"shared_value": 60},
    "cash_customer": {"shared_value": 6},
    "filled_number": {"shared_value": 5},
    "chain_of_strangers": {"alarming_cluster": 27},
}


@pytest.fixture(scope="module")
def one_id(tmp_path_factory: pytest.TempPathFactory) -> OneId:
    """The world of customers and traps, built once, with scores."""
    one_id = OneId(tmp_path_factory.mktemp("guards"), parsed(id_scored_pairs=True))
    records = [customer(number, "crm") for number in range(CUSTOMERS)]
    records += [customer(number, "app") for number in range(TWICE)]
    for trap, members in TRAPS.items():
        records += [
            {"record_id": f"{trap}-{i}", "source": trap, **record} for i, record in enumerate(members)
        ]
    one_id.build(records, id_scored_pairs=True)
    return one_id


@pytest.fixture(scope="module")
def found(one_id: OneId) -> set[frozenset[str]]:
    """The people, as sets of record ids."""
    return people(dict(one_id.rows("select source_key, one_id from identity.id_map")))


def test_the_pairs_were_scored(one_id: OneId):
    assert one_id.rows("select count(*) > 0 from identity.id_scored_pair") == [(True,)]


def test_a_dealers_phone_and_a_placeholder_merge_nobody(found: set[frozenset[str]]):
    customers = {members for members in found if any(key.startswith(("crm", "app")) for key in members)}
    assert {members for members in customers if len(members) > 1} == {
        frozenset({f"crm{number}", f"app{number}"}) for number in range(TWICE)
    }


def test_both_values_are_found_and_each_dropped_edge_is_kept_with_its_reason(one_id: OneId):
    placeholders = sum(customer(number, "crm")["email"] == PLACEHOLDER for number in range(CUSTOMERS))
    shared = one_id.rows(
        """
        select identifier_type, reason, record_cnt from identity.id_shared_value
        where record_cnt > 100 order by all
        """
    )
    assert shared == [
        ("email", "too_many_names", placeholders),
        ("phone", "too_many_names", CUSTOMERS + TWICE),
    ]
    dropped = one_id.rows(
        """
        select rule, drop_reason, count(*) from identity.id_edge
        where not is_kept and split_part(record_key, '.', 1) in ('crm', 'app') and tier = 'deterministic'
        group by all order by all
        """
    )
    assert dropped == [
        ("email", "shared_value", placeholders - 1),
        ("phone", "shared_value", CUSTOMERS + TWICE - 1),
    ]


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_merges_two_people(one_id: OneId, found: set[frozenset[str]], trap: str):
    names = {
        f"{trap}-{i}": record.get("given_name", "") + record.get("family_name", "")
        for i, record in enumerate(TRAPS[trap])
    }
    for members in found:
        named = {names[key] for key in members if names.get(key)}
        assert len(named) <= 1, members
    if trap in ("switchboard", "form_default"):
        assert all(len(members) == 1 for members in found if any(key.startswith(trap) for key in members))
    dropped = one_id.rows(
        f"""
        select drop_reason, count(*) from identity.id_edge
        where tier = 'deterministic' and not is_kept and starts_with(record_key, '{trap}.') group by all
        """
    )
    assert dict(dropped) == DROPPED[trap]

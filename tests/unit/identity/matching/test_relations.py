"""Households, neighbours and namesakes are told from people, without a label and without a rule."""

from itertools import product

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from identity.clustering import cluster
from identity.evaluate import PairScore, evaluate
from identity.matching import profile, score, train

SYLLABLES = ("ka", "lo", "mi", "ne", "ru", "sa", "to", "vi")
NAMES = ["".join(parts) for parts in product(SYLLABLES, repeat=3)]


def resolve(people: list[dict], person: list[int]) -> PairScore:
    """Pairs that scores alone put together (log2 odds above 0), held against the truth."""
    with duckdb.connect() as con:
        con.register("said", pa.Table.from_pylist(people))
        con.execute("create table record as select row_number() over () - 1 as record_no, * from said")
        model = train(con, "record", profile(con, "record"))
        score(con, model, "record")
        pair = con.execute("select record_no, other_record_no, match_weight from pair").fetchnumpy()
    label = cluster(len(people), pair["record_no"], pair["other_record_no"], pair["match_weight"])
    return evaluate(label, person).pairs


def day(rng) -> str:
    return str(np.datetime64("1940-01-01") + int(rng.integers(0, 22_000)))


def household_records(rng, households: int) -> tuple[list[dict], list[int]]:
    """Households of three, each person on two records, of which every fourth is from before a move."""
    records, person = [], []
    for home in range(households):
        place = rng.integers(0, 40)
        shared = {
            "family_name": rng.choice(NAMES[:200]),
            "street": f"{rng.choice(NAMES[200:400])} street {rng.integers(1, 200)}",
            "city": NAMES[place],
            "region": NAMES[place // 4],
            "postal_code": f"{10_000 + 7 * place}",
            "phone": f"0{rng.integers(10**8, 10**9)}",
        }
        for member, given in enumerate(rng.choice(NAMES[:150], 3, replace=False)):
            own = {"given_name": given, "birth_date": day(rng)}
            for copy in range(2):
                moved = {"street": f"{rng.choice(NAMES[200:400])} street {rng.integers(1, 200)}"}
                records.append(shared | own | (moved if copy and rng.random() < 0.5 else {}))
                person.append(3 * home + member)
    return records, person


def test_members_of_a_household_stay_apart_though_they_share_seven_fields():
    found = resolve(*household_records(np.random.default_rng(1), 200))
    assert found.precision > 0.995
    assert found.recall > 0.97


def test_a_place_said_four_times_is_one_agreement():
    """Strangers of one surname in one small town, at other streets: city, region and code say one thing."""
    rng = np.random.default_rng(2)
    records, person = household_records(rng, 200)
    for number in range(600):
        place = number % 6
        records.append(
            {
                "family_name": rng.choice(NAMES[:30]),
                "given_name": rng.choice(NAMES[:150]),
                "street": f"{rng.choice(NAMES[200:400])} street {rng.integers(1, 200)}",
                "city": NAMES[place],
                "region": NAMES[place // 4],
                "postal_code": f"{10_000 + 7 * place}",
            }
        )
        person.append(10_000 + number)
    found = resolve(records, person)
    assert found.precision > 0.98
    assert found.recall > 0.97


@pytest.mark.parametrize("also", ["nothing", "birth_date", "email", "phone"])
def test_namesakes_are_not_one_person_where_as_many_are_to_be_expected(also):
    """3,000 strangers of 900 full names: three or four of each, as chance has it."""
    rng = np.random.default_rng(3)
    records = []
    for _ in range(3_000):
        given, family = rng.choice(NAMES[:30]), rng.choice(NAMES[100:130])
        own = {
            "nothing": {},
            "birth_date": {"birth_date": day(rng)},
            "email": {"email": f"{given}.{family}{rng.integers(1, 10_000)}@example.org"},
            "phone": {"phone": f"0{rng.integers(10**8, 10**9)}"},
        }
        records.append({"full_name": f"{given} {family}", **own[also]})
    assert resolve(records, list(range(3_000))).found_pairs <= 3


def test_a_name_in_the_other_field_counts_only_where_that_field_does_not_agree_by_itself():
    rng = np.random.default_rng(4)
    records = [
        {"given_name": rng.choice(NAMES[:40]), "family_name": rng.choice(NAMES[:40]), "birth_date": day(rng)}
        for _ in range(2_000)
    ]
    person = list(range(2_000))
    for number in range(0, 400, 2):  # doubles, every second one with the names swapped
        one = records[number]
        swapped = {"given_name": one["family_name"], "family_name": one["given_name"]}
        records.append(one | (swapped if number % 4 else {}))
        person.append(number)
    found = resolve(records, person)
    assert found.precision > 0.98
    assert found.recall > 0.95


def test_a_file_of_places_alone_is_resolved_by_places():
    records, _ = household_records(np.random.default_rng(5), 100)
    places = [{name: row[name] for name in ("street", "city", "region", "postal_code")} for row in records]
    streets = sorted({row["street"] for row in places})
    found = resolve(places, [streets.index(row["street"]) for row in places])
    assert found.precision > 0.95
    assert found.recall > 0.95

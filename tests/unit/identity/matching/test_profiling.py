"""The plan follows from the data, whatever the data is."""

import pytest

from identity.matching import profile, score, train
from identity.matching.profiling import date_orders


def run(con):
    plan = profile(con, "record")
    model = train(con, "record", plan)
    score(con, model, "record")
    pairs = con.execute("select record_no, other_record_no, match_weight from pair order by all").fetchall()
    return plan, pairs


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (["given_name"], []),
        (["given_name"], [{"given_name": "Anna"}]),
        (["given_name", "email"], [{}, {}, {}]),
        (["family_name"], [{"family_name": name} for name in ("Roth", "Roht", "Weber")]),
        (
            ["organisation"],
            [{"organisation": name} for name in ("Autohaus Roth", "Auto Haus Roth", "Weber KG")],
        ),
        (["email", "birth_date"], [{"email": "a@x.de", "birth_date": "1.2.1980"}] * 3),
        (["full_name", "birth_date"], [{"full_name": "Roth, Anna", "birth_date": "garbage"}] * 4),
    ],
)
def test_odd_inputs_are_scored_without_an_error(load, columns, rows):
    _, pairs = run(load(rows, columns))
    assert all(weight == weight for *_, weight in pairs)  # never NaN


def test_records_with_every_column_empty_tie_nobody(load):
    plan, pairs = run(load([{}, {}, {}], ["given_name", "email", "phone", "source"]))
    assert plan.comparisons == ()
    assert all(weight < 0 for *_, weight in pairs)


def test_a_column_that_nearly_all_records_share_is_not_compared(load):
    rows = [{"given_name": f"name{i}", "city": "Anytown" if i else "Elsewhere"} for i in range(50)]
    con = load(rows, ["given_name", "city"])
    assert profile(con, "record").comparisons == ("given",)


def test_one_source_alone_is_compared_with_itself(load):
    rows = [
        {"given_name": n, "family_name": f, "source": "crm"}
        for n in ("Anna", "Berta")
        for f in ("Roth", "Weber")
    ]
    plan, pairs = run(load(rows, ["given_name", "family_name", "source"]))
    assert plan.sources == ("crm",)
    assert len(pairs) == 6


def test_each_source_reads_dates_in_its_own_order(load):
    rows = [{"source": "de", "birth_date": f"{day:02}.03.1980"} for day in range(1, 29)]
    rows += [{"source": "us", "birth_date": f"03/{day:02}/1980"} for day in range(1, 29)]
    rows += [{"source": "eight", "birth_date": f"03{day:02}1980"} for day in range(1, 29)]
    rows += [{"source": "iso", "birth_date": f"1980-03-{day:02}"} for day in range(1, 29)]
    con = load(rows, ["source", "birth_date"])
    orders = date_orders(con, "record")
    assert (orders["de"], orders["us"], orders["eight"]) == ("dmy", "mdy", "mdy")
    plan = profile(con, "record", prepared="prepared")
    assert plan.date_orders == orders
    read = con.execute("select birth, count(*) from prepared group by birth").fetchall()
    assert len(read) == 28
    assert {count for _, count in read} == {4}


def test_large_blocks_make_no_flood_of_pairs(load):
    rows = [
        {"given_name": f"n{i}", "family_name": f"f{i % 400}", "phone": "030 1234567"} for i in range(2_000)
    ]
    con = load(rows, ["given_name", "family_name", "phone"])
    plan = profile(con, "record")
    assert ("phone",) not in plan.keys
    assert plan.keys

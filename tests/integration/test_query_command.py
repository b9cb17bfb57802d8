"""`forecourt query` on a published snapshot: the ways to show an answer, every refusal in one sentence."""

import csv
import io
import json

import pytest


@pytest.fixture(scope="module")
def query(tiny, run_forecourt):
    def run(*arguments: str):
        return run_forecourt(tiny.data_dir, "query", *arguments)

    return run


def test_a_table_with_a_total_and_the_same_as_csv_and_json(query):
    asked = ("lead_uv", "--by", "region", "--total", "--from", "2026-01-01")
    table, plain, found = query(*asked), query(*asked, "--csv"), json.loads(query(*asked, "--json").stdout)
    assert table.returncode == 0, table.stderr
    assert "total" in table.stdout
    assert "values of parts do not add up to the whole" in table.stdout
    rows = list(csv.DictReader(io.StringIO(plain.stdout)))
    assert [int(row["value"]) for row in rows] == [row["value"] for row in found["rows"]]
    assert found["rows"][-1]["is_total"]
    assert found["rows"][-1]["value"] <= sum(row["value"] for row in found["rows"][:-1])


def test_a_comparison_its_sql_and_what_is_behind_it(query):
    asked = ("lead_cnt", "--from", "2026-03-01", "--to", "2026-03-31", "--compare", "yoy")
    [row] = json.loads(query(*asked, "--json").stdout)["rows"]
    assert row["value"] == pytest.approx(row["value_now"] / row["value_before"] - 1)
    assert "between date '2025-03-01' and date '2025-03-31'" in query(*asked, "--sql").stdout
    people = json.loads(query("lead_uv", *asked[1:5], "--people", "--json").stdout)["rows"]
    [uv] = json.loads(query("lead_uv", *asked[1:5], "--json").stdout)["rows"]
    assert len(people) == uv["value"]
    assert "from core.fct_lead" in query(*asked[:5], "--rows-sql").stdout


def test_sql_runs_where_it_is_pasted(tiny, query):
    asked = ("lead_cnt", "--from", "2026-03-01", "--to", "2026-03-31", "--where", "channel=website")
    [row] = json.loads(query(*asked, "--json").stdout)["rows"]
    with tiny.connect() as con:
        assert con.sql(query(*asked, "--sql").stdout).fetchall() == [(row["value"],)]
        assert len(con.sql(query(*asked, "--rows-sql").stdout).fetchall()) == row["value"] > 0


def test_what_is_not_known_can_be_asked_for(query):
    asked = ("lead_cnt", "--where", "region=not known")
    [row] = json.loads(query(*asked, "--json").stdout)["rows"]
    by_region = json.loads(query("lead_cnt", "--by", "region", "--json").stdout)["rows"]
    assert row["value"] == next(one["value"] for one in by_region if one["region"] is None) > 0


def test_a_misspelt_filter_fails_and_says_so_beside_the_csv(query):
    answer = query("lead_cnt", "--where", "region=XX", "--csv")
    assert (answer.returncode, answer.stdout) == (1, 'value\n""\n')
    assert "No data: 'XX' is no value of region (" in answer.stderr
    moved = query("lead_cnt", "--where", "region=XX")
    assert moved.returncode == 1


def test_person_numbers_are_no_quantities(query):
    listed = query("lead_uv", "--people", "--limit", "10000").stdout.splitlines()
    people = json.loads(query("lead_uv", "--people", "--json").stdout)["rows"]
    greatest = max(people, key=lambda row: row["person_no"])["person_no"]
    assert greatest > 999
    assert any(str(greatest) in line.split() for line in listed)


def test_what_is_behind_a_number_names_a_filter_value_that_nothing_has(query):
    answer = query("lead_cnt", "--where", "dealer=D9999", "--rows-sql")
    assert "'D9999' is no value of dealer (D0001" in answer.stdout
    nobody = query("lead_uv", "--where", "dealer=D9999", "--people")
    assert "Nobody: 'D9999' is no value of dealer (D0001" in nobody.stdout


def test_a_number_and_the_people_behind_it_by_what_the_catalogue_cuts_it(query):
    for code, by in (
        ("app_mau", "home_region"),
        ("cpl", "channel"),
        ("nps", "advisor"),
        ("app_ret_d30", "is_owner"),
    ):
        rows = json.loads(query(code, "--by", by, "--json").stdout)["rows"]
        assert sum(row["value"] is not None and row[by] is not None for row in rows) >= 2, (code, by)
    asked = ("lead_valid_cnt", "--from", "2026-03-01", "--to", "2026-03-31")
    [counted] = json.loads(query(*asked, "--json").stdout)["rows"]
    people = json.loads(query(*asked, "--people", "--json").stdout)["rows"]
    assert 0 < len(people) <= counted["value"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("lead_count",), "Did you mean lead_cnt"),
        (("lead_cnt", "--by", "colour"), "There is no dimension 'colour'"),
        (("app_mau", "--by", "dealer"), "'app_mau' (app_uv_30d) cannot be cut by 'dealer'"),
        (("lead_cnt", "--to", "2001-01-01"), "none for the beginning to 2001-01-01"),
        (("lead2order_rate", "--from", "2026-09-01"), "The youngest mature cohort is of"),
        (
            ("lead_cnt_30d", "--from", "2026-03-01"),
            "give only `--to`, or `--grain` for a series from `--from`",
        ),
        (("lead_uv", "--people", "--by", "region"), "leave `--by` and `--grain` out"),
        (("lead_cnt", "--of", "lead_cnt"), "use it with --people or --rows-sql"),
        (
            ("card_cnt", "--people"),
            "Name its rows (`--rows-sql`), or add one with `measure: distinct(one_id)`",
        ),
        (
            ("svc_absorb_rate", "--from", "2026-05-05", "--to", "2026-05-20"),
            "means something over whole months only: 2026-05-05 to 2026-05-20 is not made of them. "
            "Ask for 2026-05-01 to 2026-05-31.",
        ),
        (
            ("owner_qty", "--from", "2026-05-05", "--to", "2026-05-20"),
            "taken at each month's end: none lies in 2026-05-05 to 2026-05-20. "
            "Ask for days that hold 2026-04-30 or 2026-05-31.",
        ),
    ],
)
def test_a_wrong_question_is_one_sentence_and_no_number(query, arguments, says):
    answer = query(*arguments)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr

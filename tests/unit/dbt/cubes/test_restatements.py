"""What a build says about published values that it changed: which indicator, which day, by how much, why."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from tests.unit.dbt.cubes.registry import FIRST, registry
from tests.unit.dbt.cubes.world import FIRST_DAY, Project, Restatement, World

LAST_DAY = FIRST_DAY + timedelta(days=40)


def day(number: int) -> date:
    """The nth day of the world, from 0."""
    return FIRST_DAY + timedelta(days=number)


def add_lead(world: World, name: str, person: str | None, on: date, visited_after: int | None = None) -> None:
    """One counted lead of dealer D1, in the app."""
    visited = "null" if visited_after is None else f"timestamp '{on} 09:00' + interval '{visited_after} days'"
    world.run(
        f"insert into core.fct_lead values (?, ?, 'D1', 'north', 'app', ?, ?, true, {visited}, 10)",
        [name, person, on, f"{on} 09:00"],
    )


@pytest.fixture
def world(projects) -> World:
    """A lead a day for 40 days, of two people in turn; person C comes once, together with A, on day 10."""
    world = World(projects[0])
    world.run("insert into core.dim_customer values ('A', 1), ('B', 2), ('C', 3)")
    world.run("insert into core.fct_visit values ('V')")
    for number in range(41):
        add_lead(world, f"L{number}", "AB"[number % 2], day(number))
    add_lead(world, "extra", "C", day(10))
    world.build()
    assert world.restatements() == [], "a first build restates nothing"
    return world


def restated(world: World) -> list[Restatement]:
    """What one more build logs."""
    logged = len(world.restatements())
    world.build()
    assert world.differing() == []
    return sorted(world.restatements()[logged:])


def test_a_merge_restates_only_the_days_and_counts_that_it_touches(world):
    written = "select table_name, stat_date, person_hash from indicator_state.day_fingerprint"
    before = set(world.rows(written))
    world.run("update core.fct_lead set one_id = 'A' where one_id = 'C'")
    world.run("delete from core.dim_customer where one_id = 'C'")
    assert restated(world) == [
        ("lead_days", day(10), 2, 1, "people_merged"),
        ("lead_uv", day(10), 2, 1, "people_merged"),
    ]
    touched = {(table, on) for table, on, _ in before ^ set(world.rows(written))}
    assert {on for _, on in touched} == {day(10)}, "no other day was written again"


def test_a_split_says_so(world):
    world.run("insert into core.dim_customer values ('D', 4)")
    world.run("update core.fct_lead set one_id = 'D' where lead_id = 'L20'")
    assert restated(world) == [
        ("lead_days", day(20), 1, 1, "people_split"),
        ("lead_uv", day(20), 1, 1, "people_split"),
    ], "the day's total is the same, but its person is another: a longer period counts one more"


def test_late_rows_deletions_and_corrections_are_told_apart(world):
    add_lead(world, "late", "A", day(5))
    world.run("delete from core.fct_lead where lead_id = 'L6'")
    world.run("update core.fct_lead set spend_amt = 25 where lead_id = 'L7'")
    world.run("update core.fct_lead set lead_id = 'other' where lead_id = 'L8'")
    logged = {(row.day, row.code): row[2:] for row in restated(world)}
    assert logged[day(5), "lead_cnt"] == (1, 2, "late_rows")
    assert logged[day(6), "lead_cnt"] == (1, None, "deletion")
    assert logged[day(7), "spend_amt"] == (10, 25, "correction")
    assert (day(7), "lead_cnt") not in logged, "what did not change is not restated"
    assert {on for on, _ in logged} == {day(5), day(6), day(7)}, "another key with the same values is no news"


def test_a_young_cohort_that_goes_on_matures_and_an_old_one_is_corrected(world):
    for name in ("L35", "L2"):
        world.run(
            f"update core.fct_lead set visited_at = created_at + interval '3 days' where lead_id = '{name}'"
        )
    causes = {(row.day, row.code): row.cause for row in restated(world)}
    assert causes[day(35), "lead_visit_cnt"] == "maturing"
    assert causes[day(2), "lead_visit_cnt"] == "correction"
    assert causes[day(35), "lead_min"] == "correction"


def test_medians_are_logged_as_the_day_had_them(world):
    world.run("update core.fct_lead set visited_at = created_at + interval '90 minutes' where lead_id = 'L3'")
    logged = {row.code: row for row in restated(world) if row.day == day(3)}
    assert logged["lead_min"][2:] == (None, 90, "correction")


def test_neither_a_new_day_nor_the_growth_of_the_last_one_nor_older_history_is_a_restatement(world):
    add_lead(world, "more", "B", LAST_DAY)
    add_lead(world, "next", "A", LAST_DAY + timedelta(days=1))
    add_lead(world, "older", "A", FIRST_DAY - timedelta(days=30))
    assert restated(world) == []


def test_a_new_definition_is_the_cause_of_what_it_changes_and_nothing_else(world, projects):
    world.run("update core.fct_lead set is_counted = false where lead_id = 'L4'")
    world.build()
    world.project = projects[1]
    logged = restated(world)
    assert {(row.code, row.cause) for row in logged} == {("lead_cnt", "definition")}
    assert [(row.day, row.before, row.after) for row in logged] == [(day(4), 0, 1)]


KILLED = """
import os, signal, sys
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper
from dbt.cli.main import dbtRunner

execute, commits = DuckDBCursorWrapper.execute, 0


def until_killed(cursor, sql, bindings=None):
    global commits
    commits += sql.rstrip().endswith("COMMIT")
    if commits == 3:  # two tables are written; the third one's rows are, but not for good
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(cursor, sql, bindings)


DuckDBCursorWrapper.execute = until_killed
dbtRunner().invoke(sys.argv[1:])
"""


def test_a_build_that_is_killed_loses_nothing_and_logs_nothing_twice(tmp_path):
    project = Project(
        tmp_path / "project", registry(tmp_path / "registry", FIRST), tmp_path / "warehouse.duckdb"
    )
    world = World(project)
    world.run("insert into core.dim_customer values ('A', 1), ('B', 2)")
    for number in range(5):
        add_lead(world, f"L{number}", "A", day(number))
    world.build()
    add_lead(world, "late", "B", day(1))
    world.close()

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *project.arguments("run")], capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stdout

    world.build()
    assert world.differing() == []
    logged = [(row.code, row.day) for row in world.restatements()]
    assert ("lead_cnt", day(1)) in logged and ("lead_uv", day(1)) in logged
    assert len(logged) == len(set(logged))

"""A person's id outlives rebuilds: merges keep the oldest, splits the larger part's, nothing else moves."""

import duckdb
import pytest

LEAD = """
    insert into raw_crm.lead (lead_id, full_name, email, phone, created_at, updated_at, is_test, channel)
    values ($1, $2, $3, $4, $5, $5, 0, 'website')
"""


@pytest.fixture
def rebuild(raw_warehouse, tmp_path, run_dbt):
    """A function that changes raw data, rebuilds OneID, and returns {lead: one_id} and the history."""

    def change(*statements, runs=(("+id_history",),)):
        with duckdb.connect(raw_warehouse) as con:
            for sql, *parameters in statements:
                con.execute(sql, parameters)
        for selection in runs:
            run_dbt(
                *("build", "--select", *selection, "--exclude-resource-type", "test", "unit_test"),
                target=tmp_path / "target",
                warehouse=raw_warehouse,
            )
        with duckdb.connect(raw_warehouse, read_only=True) as con:
            ids = dict(con.execute("select source_key, one_id from identity.id_map").fetchall())
            history = con.execute(
                "select one_id, change, other_one_id from identity.id_history order by changed_at, one_id"
            ).fetchall()
        return ids, history

    return change


def test_ids_are_carried_through_merge_split_and_rebuild(rebuild):
    ids, history = rebuild(
        (LEAD, "L1", "Anna Roth", "anna@web.de", "0171 2345678", "2025-01-01T09:00:00Z"),
        (LEAD, "L2", "Roth, Anna", "roth@gmx.de", None, "2025-02-01T09:00:00Z"),
        (LEAD, "L3", "Bernd Roth", "bernd@web.de", "0171 2345678", "2025-03-01T09:00:00Z"),
    )
    first, second, husband = ids["L1"], ids["L2"], ids["L3"]
    assert len({first, second, husband}) == 3, "a family phone is no person"
    assert sorted(history) == sorted((one_id, "created", None) for one_id in (first, second, husband))

    # a lead that carries the e-mail of one and the phone of the other shows that they are one person
    link = (LEAD, "L4", "Anna Roth", "ROTH@gmx.de", "+49 171 2345678", "2025-04-01T09:00:00Z")
    ids, merged = rebuild(link)
    assert ids == {"L1": first, "L2": first, "L4": first, "L3": husband}
    assert merged[len(history) :] == [(second, "merged", first)]

    ids, unchanged = rebuild()
    assert ids == {"L1": first, "L2": first, "L4": first, "L3": husband}
    assert unchanged == merged, "a rebuild without news writes no history"

    # the evidence was wrong: corrected at the source, the two are apart again and the oldest keeps the id
    corrected = "email = 'other@web.de', phone = null, full_name = 'Eva Kern'"
    ids, split = rebuild((f"update raw_crm.lead set {corrected} where lead_id = 'L4'",))
    assert ids["L1"] == first
    assert len(set(ids.values())) == 4
    assert {row[1] for row in split[len(merged) :]} == {"split"}


def test_the_history_is_whole_after_runs_that_stopped_before_it(rebuild):
    """A run stopped behind the map, or built nothing else; a full refresh forgets nothing either."""
    ids, history = rebuild(
        (LEAD, "L1", "Anna Roth", "anna@web.de", "0171 2345678", "2025-01-01T09:00:00Z"),
        (LEAD, "L2", "Roth, Anna", "roth@gmx.de", None, "2025-02-01T09:00:00Z"),
    )
    first, second = ids["L1"], ids["L2"]
    stopped, again, resumed = ("+id_map",), ("id_map",), ("id_membership", "id_history", "--full-refresh")
    ids, after = rebuild(
        (LEAD, "L4", "Anna Roth", "ROTH@gmx.de", "+49 171 2345678", "2025-04-01T09:00:00Z"),
        (LEAD, "L5", "Eva Kern", "eva@web.de", None, "2025-05-01T09:00:00Z"),
        runs=(stopped, again, resumed),
    )
    assert ids == {"L1": first, "L2": first, "L4": first, "L5": ids["L5"]}
    assert after[: len(history)] == history
    assert set(after[len(history) :]) == {(second, "merged", first), (ids["L5"], "created", None)}


def test_a_chain_of_records_is_one_person(rebuild):
    """Each lead shares its e-mail with the one before, its phone with the one after: 40 records in a row."""
    leads = [
        (
            LEAD,
            f"L{number:02}",
            "Anna Roth",
            f"anna{number // 2}@web.de",
            f"0171 2345{(number + 1) // 2:03}",
            f"2025-01-01T09:{number:02}:00Z",
        )
        for number in range(40)
    ]
    ids, _ = rebuild(*leads)
    assert len(set(ids.values())) == 1

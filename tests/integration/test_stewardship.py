"""What a steward decides: it moves people at the next build, leaves a history, and survives a rebuild."""

import json
import shutil
from pathlib import Path

import pytest

from serving.identity_review import answer

PROJECT = Path(__file__).parents[2] / "dbt_project"
SELECT = (
    "-s",
    "+id_map",
    "-s",
    "+id_history",
    "--exclude",
    "resource_type:test",
    "--exclude",
    "resource_type:unit_test",
)


class Steward:
    """A copy of the tiny world with a dbt project of its own, whose seeds may be written."""

    def __init__(self, built, project: Path, run) -> None:
        self.built, self._run = built, run
        self._env = {"FORECOURT_DBT_PROJECT_DIR": str(project)}

    def says(self, *words: str) -> dict:
        done = self._run(self.built.data_dir, "identity", *words, "--json", env=self._env)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refused(self, *words: str) -> str:
        done = self._run(self.built.data_dir, "identity", *words, env=self._env)
        assert done.returncode == 1, done.stdout
        return done.stderr

    def apply(self) -> dict:
        return self.says("apply")

    def build(self, *more: str) -> None:
        done = self._run(self.built.data_dir, "build", *SELECT, *more, env=self._env)
        assert done.returncode == 0, done.stderr

    def rows(self, sql: str) -> list[tuple]:
        with self.built.connect() as connection:
            return connection.execute(sql).fetchall()

    def person(self, record_key: str) -> str:
        return self.rows(f"select one_id from identity.id_map where record_key = '{record_key}'")[0][0]

    def pair(self, given: str = "=", skip: int = 0) -> tuple[str, str]:
        """Two leads of different people of whom nothing but (with "=") a given name is alike; each value of
        `skip` gives another pair.
        """
        ((a, b),) = self.rows(
            f"""
            with person as (
                select map.one_id, min(record.record_key) as record_key, min(given_name) as given_name,
                    min(family_name) as family_name
                from identity.id_record as record join identity.id_map as map using (record_key)
                where not record.is_test
                group by map.one_id
                having count(birth_date) = 0 and count(distinct given_name) = 1
                    and count(distinct family_name) = 1 and bool_and(record.entity = 'lead')
            )
            select one.record_key, other.record_key
            from person as one join person as other
                on one.given_name {given} other.given_name
                    and left(one.family_name, 1) < left(other.family_name, 1)
            order by 1, 2 limit 1 offset {skip}
            """
        )
        return a, b


@pytest.fixture(scope="module")
def steward(tiny, tmp_path_factory, run_forecourt) -> Steward:
    """One office for all tests of this file: what they decide is about different people."""
    folder = tmp_path_factory.mktemp("steward")
    shutil.copytree(PROJECT, folder / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))
    return Steward(tiny.copy(folder), folder / "dbt_project", run_forecourt)


def test_a_link_merges_an_unlink_splits_and_both_survive_a_rebuild(steward):
    a, b = steward.pair()
    first, second = steward.person(a), steward.person(b)
    assert first != second

    assert steward.says("link", a, b, "--reason", "both told me so", "--by", "a.keller")["warnings"] == []
    applied = steward.apply()
    assert applied["moved_people"] == 1
    assert steward.person(a) == steward.person(b)
    assert steward.person(a) in (first, second)  # one of the two ids lives on
    gone = {first, second} - {steward.person(a)}
    assert steward.rows(
        f"select change, other_one_id, reason like '%link%' from identity.id_history "
        f"where one_id = '{gone.pop()}' and change = 'merged'"
    ) == [("merged", steward.person(a), True)]

    steward.build("--full-refresh")
    assert steward.person(a) == steward.person(b)

    steward.says("unlink", a, b, "--reason", "a mistake", "--by", "a.keller")
    steward.apply()
    assert steward.person(a) != steward.person(b)
    assert steward.rows("select count(*) from identity.id_history where change = 'split'")[0][0] >= 1
    assert [row["decision"] for row in steward.says("decisions")][:1] == ["unlink"]


def test_a_blocked_value_joins_nobody_and_an_answer_of_the_review_decides(steward):
    ((phone, count),) = steward.rows(
        """
        select identifier_value, count(distinct record_no) from identity.id_observation
        where identifier_type = 'phone' and identifier_value not in (
            select identifier_value from identity.id_shared_value where identifier_type = 'phone')
        group by 1 order by 2 desc, 1 limit 1
        """
    )
    kept = (
        "select count(*) from identity.id_edge "
        f"where rule = 'phone' and identifier_value = '{phone}' and is_kept"
    )
    assert steward.rows(kept)[0][0] > 0
    said = steward.says("block", "phone", phone, "--reason", "the switchboard", "--by", "a.keller")
    assert said["records"] == count
    a, b = steward.pair(skip=1)
    answer(steward.built.data_dir / "state" / "state.sqlite", (a, b), "same", by="a.keller", where="test")
    steward.apply()
    assert steward.rows(kept)[0][0] == 0
    assert steward.person(a) == steward.person(b)
    labels = steward.rows("select record_key_a, record_key_b, is_match, judged_by from identity.id_label")
    assert (*sorted((a, b)), True, "a.keller") in labels


def test_what_cannot_be_decided_is_said(steward):
    a, _ = steward.pair()
    assert "There is no record or person crm.lead:none" in steward.refused(
        "link", a, "crm.lead:none", "--reason", "x"
    )
    assert "one record" in steward.refused("link", a, a, "--reason", "x")
    assert "there are " in steward.refused("block", "shoe_size", "42", "--reason", "x")
    said = steward.says("link", *steward.pair("<>"), "--reason", "mother and son, one card")
    assert said["warnings"] == ["Their given names differ."]
    assert "not blocked" in steward.refused("unblock", "email", "a@b.de", "--reason", "x")
    assert "only with a reason" in steward.refused("explain", a, "--reveal")


def test_explain_adds_up_and_shows_values_only_to_those_who_say_why(steward):
    a, _ = steward.pair()
    found = steward.says("explain", a)
    assert a in [record["record_key"] for record in found["records"]]
    assert all("…" in value for record in found["records"] for value in record["values"].values())
    for tie in [*found["ties"], *found["rejected"]]:
        if tie["waterfall"]:
            assert sum(step["weight"] for step in tie["waterfall"]) == pytest.approx(
                tie["match_weight"], abs=0.01
            )
    shown = steward.says("explain", a, "--reveal", "--reason", "asked by the person", "--by", "a.keller")
    assert any("…" not in value for record in shown["records"] for value in record["values"].values())
    (row,) = steward.says("reveals")
    assert (row["revealed_by"], row["one_id"], row["reason"]) == (
        "a.keller",
        found["one_id"],
        "asked by the person",
    )

"""A person's id outlives rebuilds: merges keep the oldest, splits the larger part's, nothing else moves."""

from pathlib import Path

import pytest

from .one_id import MODELS, OneId, Record

History = list[tuple[str, str, str | None]]


class World(OneId):
    """Leads by their key, the oldest first, and what becomes of their people."""

    def __init__(self, folder: Path, manifest: object) -> None:
        super().__init__(folder, manifest)
        self._leads: dict[str, Record] = {}

    def lead(self, key: str, given: str, family: str, email: str | None, phone: str | None = None) -> None:
        """What the source says of a lead from now on."""
        self._leads[key] = {
            "record_id": key,
            "source": "crm",
            "given_name": given,
            "family_name": family,
            "email": email,
            "phone": phone,
        }

    def oldest_first(self, *keys: str) -> list[str]:
        """The leads in the order of their age (of equal time of arrival, in that of their keys' hashes)."""
        order = [key for (key,) in self.rows("select source_key from identity.id_record order by age_no")]
        return sorted(keys, key=order.index)

    def after(self, *selections: tuple[str, ...]) -> tuple[dict[str, str], History]:
        """Build, once for each selection of models and options, and return {lead: one_id} and the history."""
        self.hold(self._leads.values())
        for selected in selections or (MODELS,):
            options = [word for word in selected if word.startswith("--")]
            ids = self.rebuild(*options, select=[word for word in selected if word not in options])
        history = "select one_id, change, other_one_id from identity.id_history order by changed_at, one_id"
        return ids, self.rows(history)


@pytest.fixture
def world(tmp_path: Path, file_manifest: object) -> World:
    return World(tmp_path, file_manifest)


def test_ids_are_carried_through_merge_split_and_rebuild(world: World):
    world.lead("L1", "Anna", "Roth", "anna@web.de", "0171 2345678")
    world.lead("L2", "Anna", "Roth", "roth@gmx.de")
    world.lead("L3", "Bernd", "Roth", "bernd@web.de", "0171 2345678")
    ids, history = world.after()
    first, second, husband = ids["L1"], ids["L2"], ids["L3"]
    assert len({first, second, husband}) == 3, "a family phone is no person"
    assert sorted(history) == sorted((one_id, "created", None) for one_id in (first, second, husband))

    # a lead that carries the e-mail of one and the phone of the other shows that they are one person
    world.lead("L4", "Anna", "Roth", "ROTH@gmx.de", "+49 171 2345678")
    old, young = (ids[key] for key in world.oldest_first("L1", "L2"))
    ids, merged = world.after()
    assert ids == {"L1": old, "L2": old, "L4": old, "L3": husband}
    assert merged[len(history) :] == [(young, "merged", old)]

    ids, unchanged = world.after()
    assert ids == {"L1": old, "L2": old, "L4": old, "L3": husband}
    assert unchanged == merged, "a rebuild without news writes no history"

    # the evidence was wrong: corrected at the source, the two are apart again and the oldest keeps the id
    world.lead("L4", "Eva", "Kern", "other@web.de")
    ids, split = world.after()
    assert ids[world.oldest_first("L1", "L2", "L4")[0]] == old
    assert len(set(ids.values())) == 4
    assert {row[1] for row in split[len(merged) :]} == {"split"}
    reasons = dict(world.rows("select change, reason from identity.id_history where change <> 'created'"))
    assert reasons["merged"].startswith(("email: crm.record:L", "phone: crm.record:L"))
    assert reasons["split"].startswith("withdrawn: ")


def test_the_history_is_whole_after_runs_that_stopped_before_it(world: World):
    """A run stopped behind the map, or built nothing else; a full refresh forgets nothing either."""
    world.lead("L1", "Anna", "Roth", "anna@web.de", "0171 2345678")
    world.lead("L2", "Anna", "Roth", "roth@gmx.de")
    ids, history = world.after()
    old, young = (ids[key] for key in world.oldest_first("L1", "L2"))
    world.lead("L4", "Anna", "Roth", "ROTH@gmx.de", "+49 171 2345678")
    world.lead("L5", "Eva", "Kern", "eva@web.de")
    stopped, again, resumed = ("+id_map",), ("id_map",), ("id_membership", "id_history", "--full-refresh")
    ids, after = world.after(stopped, again, resumed)
    assert ids == {"L1": old, "L2": old, "L4": old, "L5": ids["L5"]}
    assert after[: len(history)] == history
    assert set(after[len(history) :]) == {(young, "merged", old), (ids["L5"], "created", None)}


def test_a_chain_of_records_is_one_person(world: World):
    """Each lead shares its e-mail with the one before, its phone with the one after: 40 records in a row."""
    for number in range(40):
        email, phone = f"anna{number // 2}@web.de", f"0171 2345{(number + 1) // 2:03}"
        world.lead(f"L{number:02}", "Anna", "Roth", email, phone)
    ids, _ = world.after()
    assert len(set(ids.values())) == 1

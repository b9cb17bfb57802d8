"""Senzing's three loads, one after the other: after each, people are compared with the published clusters.

By rules alone: 120 records are too few to learn from how often strangers agree. Not every record can be
placed by what these columns hold (drivers' licences, passports and relations are left out): each miss is
printed, and their number may only go down.
"""

from pathlib import Path

import pytest

from ...identity_sets import senzing
from .one_id import OneId

# pairs of records that are published as one person and were not put together / put together and are not
MOST_MISSED, MOST_WRONG = {1: 48, 2: 46, 3: 81}, {1: 2, 2: 2, 3: 2}


def pairs(groups: dict[str, str]) -> set[tuple[str, str]]:
    """Pairs of records that stand for one person."""
    members: dict[str, list[str]] = {}
    for record, person in groups.items():
        members.setdefault(person, []).append(record)
    return {(a, b) for records in members.values() for a in records for b in records if a < b}


@pytest.fixture(scope="module")
def one_id(tmp_path_factory: pytest.TempPathFactory, file_manifest: object) -> OneId:
    return OneId(tmp_path_factory.mktemp("senzing"), file_manifest)


def test_the_three_loads_give_the_published_clusters(real_data: Path, one_id: OneId):
    for load in (1, 2, 3):
        records, truth = senzing(real_data / "identity" / "senzing", load)
        ids = one_id.build(records.to_pylist())
        published = pairs({row["record_id"]: row["person_id"] for row in truth.to_pylist()})
        found = pairs({key: ids[key] for key in truth.column("record_id").to_pylist()})
        missed, wrong = sorted(published - found), sorted(found - published)
        print(
            f"load {load}: {len(published & found)} of {len(published)} pairs; missed {missed}; wrong {wrong}"
        )
        assert len(missed) <= MOST_MISSED[load], missed
        assert len(wrong) <= MOST_WRONG[load], wrong
    log = "select is_whole, touched_record_cnt from identity.id_batch order by closed_at"
    assert [is_whole for is_whole, _ in one_id.rows(log)] == [True, False, False]

"""However rows arrive (repeated, in another order, in any number of batches), the tables are the same."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.ingestion.systems import event, row, utc, write_events, write_page
from tests.unit.ingestion.warehouses import Warehouse

VERSIONS = st.tuples(st.integers(0, 4), st.integers(0, 3))
BATCHES = st.lists(st.lists(VERSIONS, max_size=6), min_size=1, max_size=3)
FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


def subscriber(key: int, version: int) -> dict:
    changes = {"updated_at": utc(version), "email": f"{key}.{version}@example.org"}
    if version == 3 and key == 2:
        changes["email"] = 7  # breaks its contract
    return row("marketing", "subscriber", key, **changes)


@FEW
@given(BATCHES)
def test_any_batches_of_versions_give_the_newest_of_each_key(batches: list[list[tuple[int, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        piecemeal, at_once = Warehouse(place / "piecemeal"), Warehouse(place / "at-once")
        for number, batch in enumerate(batches):
            write_page(place / "m", "subscriber", number, [subscriber(*version) for version in batch])
            piecemeal.load_ok("marketing", marketing_files=place / "m")
        at_once.load_ok("marketing", marketing_files=place / "m")
        assert piecemeal.rows("raw_marketing.subscriber") == at_once.rows("raw_marketing.subscriber")
        newest: dict[int, int] = {}
        for key, version in (pair for batch in batches for pair in batch if pair != (2, 3)):
            newest[key] = max(version, newest.get(key, 0))
        assert at_once.rows("raw_marketing.subscriber") == [
            subscriber(*pair) for pair in sorted(newest.items())
        ]


@FEW
@given(st.lists(st.lists(st.integers(0, 8), max_size=8), min_size=1, max_size=3))
def test_any_batches_of_events_give_each_id_once(batches: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder))
        for number, batch in enumerate(batches):
            place = write_events(Path(folder) / "app" / f"{number}.jsonl", [event(i) for i in batch])
            warehouse.load_ok("app", app_files=place)
        stored = [r["message_id"] for r in warehouse.rows("raw_app.event")]
        assert stored == [event(i)["messageId"] for i in sorted({i for batch in batches for i in batch})]

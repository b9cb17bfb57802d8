"""One batch: which of several rows with one key stays, and what becomes columns."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.batch import Batch, Chunk, entity, instant, order_of
from tests.unit.ingestion.systems import event, row, utc


def batch_of(source: str, name: str, *chunks: list[dict]) -> Batch:
    batch = Batch(entity(source, name))
    for number, chunk in enumerate(chunks):
        batch.add(Chunk(chunk, lambda i, n=number: f"{n}:{i}", lambda i: b"original"))
    return batch


def stored(batch: Batch, **options) -> list[dict]:
    return [one for table in batch.tables(**options) for one in table.to_pylist()]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=6), max_size=4))
def test_of_each_key_the_newest_stays_and_the_rest_is_counted(chunks: list[list[tuple[int, int]]]) -> None:
    given_rows = [[row("crm", "lead", key, updated_at=utc(time)) for key, time in chunk] for chunk in chunks]
    batch = batch_of("crm", "lead", *given_rows)
    kept = {(one["lead_id"], one["updated_at"]) for one in stored(batch)}
    newest: dict[str, str] = {}
    for one in (one for chunk in given_rows for one in chunk):
        newest[one["lead_id"]] = max(one["updated_at"], newest.get(one["lead_id"], ""))
    assert kept == set(newest.items())
    assert batch.read == sum(map(len, chunks)) == len(kept) + batch.repeated


def test_newest_is_decided_by_the_instant_not_by_its_text() -> None:
    later = row("marketing", "campaign", 1, name="later", updated_at="2025-10-26T02:10:00+01:00")
    earlier = row("marketing", "campaign", 1, name="earlier", updated_at="2025-10-26T02:40:00+02:00")
    assert [one["name"] for one in stored(batch_of("marketing", "campaign", [later, earlier]))] == ["later"]


def test_the_first_event_and_the_last_figure_stay() -> None:
    events = stored(batch_of("app", "event", [event(1, userId="a")], [event(1, userId="b")]))
    assert [one["userId"] for one in events] == ["a"]
    figures = [row("market", "registration", 1, units=units) for units in (1, 2)]
    assert [one["units"] for one in stored(batch_of("market", "registration", figures))] == [2]


def test_keys_whose_hashes_collide_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.batch.hash", lambda key: 1, raising=False)
    batch = batch_of("app", "event", [event(1), event(2), event(1)])
    assert [one["messageId"] for one in stored(batch)] == [event(1)["messageId"], event(2)["messageId"]]
    assert batch.repeated == 1


def test_rows_that_the_destination_has_already_are_counted_as_repeated() -> None:
    batch = batch_of("app", "event", [event(1), event(2)], [event(3)])

    def superseded(keys: pa.Table) -> np.ndarray:
        assert keys.column_names == ["messageId", "row_no"]
        return np.array([0, 2])

    assert [one["messageId"] for one in stored(batch, superseded=superseded)] == [event(2)["messageId"]]
    assert (batch.read, batch.repeated) == (3, 2)


def test_a_new_column_that_no_table_could_hold_refuses_the_row() -> None:
    collision = event(1) | {"message_id": "the column of messageId"}
    too_long = event(2) | {"x" * 200: 1}
    many = [event(10 + i) | {f"column_{i}": i} for i in range(105)]
    batch = batch_of("app", "event", [collision, too_long, *many])
    list(batch.tables())
    assert len(batch.new_columns) == 100
    assert batch.rejected == 2 + 5
    assert {code for table in batch.refused for code in table["reason_code"].to_pylist()} == {"column_name"}


@pytest.mark.parametrize("name", ["_dlt_load_id", "_dltLoadId", "_DLT_ID", "__dlt_load_id", "_dlt"])
def test_a_name_that_dlt_gives_to_its_own_columns_refuses_the_row(name: str) -> None:
    batch = batch_of("app", "event", [event(1) | {name: "x"}, event(2)])
    assert [one["messageId"] for one in stored(batch)] == [event(2)["messageId"]]
    assert [table["reason_code"].to_pylist() for table in batch.refused] == [["column_name"]]


def test_an_invented_name_is_published_short_and_safe() -> None:
    """Reasons are published; what a sender makes the name of a field is not."""
    long, strange = "n" * 200, "anna@example.org/<b>\n"
    batch = batch_of("app", "event", [event(1) | {long: 1}, event(2) | {strange * 20: 1}])
    reasons = [one for table in batch.refused for one in table.to_pylist()]
    assert [one["path"] for one in reasons] == [
        "/" + long[:40],
        "/" + "anna?example.org??b??" + "anna?example.org??b",
    ]
    assert all(one["reason"].startswith(one["path"] + ": ") for one in reasons)
    assert all(len(one["reason"]) < 100 for one in reasons)


@pytest.mark.parametrize("where", [0, 1, 2])
def test_of_rows_with_one_key_that_without_a_readable_time_is_the_oldest(where: int) -> None:
    versions = [row("marketing", "campaign", 1, name=str(i), updated_at=utc(i)) for i in range(2)]
    versions.insert(where, row("marketing", "campaign", 1, name="?", updated_at="0000-01-01T00:00:00Z"))
    batch = batch_of("marketing", "campaign", versions)
    assert [one["name"] for one in stored(batch)] == ["1"]
    assert (batch.read, batch.rejected, batch.repeated) == (3, 0, 2)


def test_texts_that_came_from_other_encodings_are_refused_wherever_they_stand() -> None:
    flawed = [row("crm", "lead", 1, full_name="M\udcfcller"), event(1, context={"city": "K\udcf6ln"})]
    for source, name, one in (("crm", "lead", flawed[0]), ("app", "event", flawed[1])):
        good = row("crm", "lead", 2) if source == "crm" else event(2)
        batch = batch_of(source, name, [one, good])
        assert len(stored(batch)) == 1
        assert [table["reason_code"].to_pylist() for table in batch.refused] == [["encoding"]]


def test_whole_floats_and_large_whole_numbers_find_their_column() -> None:
    [kept] = stored(batch_of("service", "repair_order_line", [
        row("service", "repair_order_line", 1, order_no=3.0, amount=2**60)
    ]))  # fmt: skip
    assert (kept["order_no"], kept["amount"]) == (3, float(2**60))


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000),
        ("1970-01-01T01:00:00.5+01:00", 500_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799_000_000),
        ("1970-01-01T00:00:01", None),
        ("zzzzzzzzzzzzzzzzzzzzz", None),
        (None, None),
    ],
)
def test_instants(text: str | None, micros: int | None) -> None:
    assert instant(text) == micros


def test_cursor_values_have_an_order() -> None:
    assert order_of(7) == 7
    assert order_of(True) is None

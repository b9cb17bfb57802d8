"""Files: events by byte position, marketing pages and market tables by content."""

import shutil
from pathlib import Path

from ingestion.collector.segments import Segment
from tests.unit.ingestion.systems import (
    event,
    lines,
    row,
    rows,
    utc,
    write_csv,
    write_events,
    write_page,
)
from tests.unit.ingestion.warehouses import Warehouse


def test_events_arrive_with_segments_names_in_snake_case(tmp_path: Path, warehouse: Warehouse) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [event(1, "app_session_started")])
    assert warehouse.load_ok("app", app_files=folder) == {"event": (1, 1, 0, 0)}
    [stored] = warehouse.rows("raw_app.event")
    names = "message_id type event user_id anonymous_id timestamp received_at context properties"
    assert [name for name, value in stored.items() if value is not None] == names.split()
    assert stored["context"] == '{"locale":"de-DE"}'
    assert stored["message_id"] == "message-00000001"


def test_only_what_was_added_to_a_file_is_read(tmp_path: Path, warehouse: Warehouse) -> None:
    file = tmp_path / "app" / "a.jsonl"
    folder = write_events(file, [event(i) for i in range(5)])
    warehouse.load_ok("app", app_files=folder)
    assert warehouse.load_ok("app", app_files=folder) == {}
    with file.open("ab") as handle:
        handle.write(lines([event(5), event(6)]))
    assert warehouse.load_ok("app", app_files=folder) == {"event": (2, 2, 0, 0)}


def test_a_segment_that_is_not_what_was_sealed_is_read_and_reported(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    segment = Segment(tmp_path / "app")
    segment.append(lines([event(0), event(1)]).splitlines(keepends=True))
    sealed = segment.seal()
    assert sealed is not None
    sealed.write_bytes(lines([event(0)]))  # a copy that was cut off
    report = warehouse.load("app", app_files=sealed.parent)
    assert [(row.read, row.loaded) for row in report.entities] == [(1, 1)]
    assert "is not what the collector sealed" in report.message


def test_the_same_file_under_another_name_changes_nothing(tmp_path: Path, warehouse: Warehouse) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [*(event(i) for i in range(5)), b"no json"])
    warehouse.load_ok("app", app_files=folder)
    before = warehouse.rows("raw_app.event")
    shutil.copy(folder / "a.jsonl", folder / "b.jsonl")
    assert warehouse.load_ok("app", app_files=folder) == {"event": (6, 0, 1, 5)}
    assert warehouse.rows("raw_app.event") == before


def test_the_first_of_two_events_with_one_id_stays(tmp_path: Path, warehouse: Warehouse) -> None:
    twice = [event(1, userId="first"), event(2), event(1, userId="second")]
    folder = write_events(tmp_path / "app" / "a.jsonl", twice)
    assert warehouse.load_ok("app", app_files=folder) == {"event": (3, 2, 0, 1)}
    write_events(tmp_path / "app" / "b.jsonl", [event(1, userId="third")])
    assert warehouse.load_ok("app", app_files=folder) == {"event": (1, 0, 0, 1)}
    assert warehouse.rows("raw_app.event")[0]["user_id"] == "first"


def test_a_line_that_is_still_being_written_is_left_for_the_next_load(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    file = tmp_path / "app" / "a.jsonl"
    whole = lines([event(0), event(1)])
    folder = write_events(file, [])
    file.write_bytes(whole[:-40])
    report = warehouse.load("app", app_files=folder)
    assert "a.jsonl: the last line" in report.message
    assert [(e.read, e.loaded) for e in report.entities] == [(1, 1)]
    file.write_bytes(whole)
    assert warehouse.load_ok("app", app_files=folder) == {"event": (1, 1, 0, 0)}


def test_a_whole_last_line_without_newline_is_taken(tmp_path: Path, warehouse: Warehouse) -> None:
    file = tmp_path / "app" / "a.jsonl"
    folder = write_events(file, [])
    file.write_bytes(lines([event(0), event(1)])[:-1])
    assert warehouse.load_ok("app", app_files=folder) == {"event": (2, 2, 0, 0)}
    file.write_bytes(lines([event(0), event(1), event(2)]))
    assert warehouse.load_ok("app", app_files=folder) == {"event": (1, 1, 0, 0)}


def test_a_replaced_file_is_read_again_from_its_start(tmp_path: Path, warehouse: Warehouse) -> None:
    file = tmp_path / "app" / "a.jsonl"
    folder = write_events(file, [event(i) for i in range(3)])
    warehouse.load_ok("app", app_files=folder)
    write_events(file, [event(i) for i in (10, 11, 12, 13)])
    report = warehouse.load("app", app_files=folder)
    assert "replaced or cut" in report.message
    write_events(file, [event(12)])
    warehouse.load_ok("app", app_files=folder)
    assert len(warehouse.rows("raw_app.event")) == 7


def test_new_top_level_fields_of_an_event_become_columns(tmp_path: Path, warehouse: Warehouse) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [event(0), event(1, sentAt=utc(9), channel={"a": 1})])
    assert warehouse.load_ok("app", app_files=folder) == {"event": (2, 2, 0, 0)}
    stored = warehouse.rows("raw_app.event")
    assert [(r["sent_at"], r["channel"]) for r in stored] == [(None, None), (utc(9), '{"a":1}')]


def test_a_field_with_a_name_of_dlts_own_columns_does_not_stop_the_source(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    folder = write_events(tmp_path / "app" / "a.jsonl", [event(0), event(1, _dlt_load_id="x"), event(2)])
    assert warehouse.load_ok("app", app_files=folder) == {"event": (3, 2, 1, 0)}
    assert warehouse.reasons("app") == ["column_name"]


def test_marketing_pages_are_read_again_only_when_they_change(tmp_path: Path, warehouse: Warehouse) -> None:
    write_page(tmp_path / "m", "subscriber", 1, rows("marketing", "subscriber", 3), has_more=True)
    write_page(tmp_path / "m", "subscriber", 2, [row("marketing", "subscriber", 3)])
    assert warehouse.load_ok("marketing", marketing_files=tmp_path / "m") == {"subscriber": (4, 4, 0, 0)}
    assert warehouse.load_ok("marketing", marketing_files=tmp_path / "m") == {}
    corrected = row("marketing", "subscriber", 3, email="new@example.org", updated_at=utc(500))
    write_page(tmp_path / "m", "subscriber", 2, [corrected])
    assert warehouse.load_ok("marketing", marketing_files=tmp_path / "m") == {"subscriber": (1, 1, 0, 0)}
    assert warehouse.rows("raw_marketing.subscriber")[3] == corrected


def test_an_older_version_that_comes_late_does_not_replace_the_newer(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    newer = row("marketing", "campaign", 1, name="new", updated_at="2025-10-26T02:10:00+01:00")
    older = row("marketing", "campaign", 1, name="old", updated_at="2025-10-26T02:40:00+02:00")
    write_page(tmp_path / "m", "campaign", 1, [newer])
    warehouse.load_ok("marketing", marketing_files=tmp_path / "m")
    write_page(tmp_path / "m", "campaign", 2, [older])
    assert warehouse.load_ok("marketing", marketing_files=tmp_path / "m") == {"campaign": (1, 0, 0, 1)}
    assert [r["name"] for r in warehouse.rows("raw_marketing.campaign")] == ["new"]


def test_a_version_without_a_readable_time_does_not_replace_one_with(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    """A leap second is a time; a row of the year 0 is kept only where there is no other."""
    times = ["2016-12-31T23:59:60Z", "0000-01-01T00:00:00Z", "2016-12-31T23:59:58Z"]
    for number, time in enumerate(times):
        write_page(tmp_path / "m", "campaign", number, [row("marketing", "campaign", 1, updated_at=time)])
        loaded = 1 - bool(number)
        counts = warehouse.load_ok("marketing", marketing_files=tmp_path / "m")
        assert counts == {"campaign": (1, loaded, 0, 1 - loaded)}
    assert [r["updated_at"] for r in warehouse.rows("raw_marketing.campaign")] == times[:1]


def test_a_page_that_is_no_json_is_kept_whole_and_the_others_are_loaded(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    write_page(tmp_path / "m", "campaign", 1, rows("marketing", "campaign", 2))
    page = write_page(tmp_path / "m", "campaign", 2, [row("marketing", "campaign", 3)])
    page.write_bytes(page.read_bytes()[:100])
    write_page(tmp_path / "m", "campaign", 3, [row("marketing", "campaign", 4), "text"])
    assert warehouse.load_ok("marketing", marketing_files=tmp_path / "m") == {"campaign": (5, 3, 2, 0)}
    kept = warehouse.query(
        "select reason_code, position, original from raw_marketing.rejected_row order by 1"
    )
    assert kept == [
        ("json", "campaign/page-0002.json", page.read_bytes()),
        ("type", "campaign/page-0003.json:item 2", b'"text"'),
    ]


def test_market_figures_of_a_later_file_replace_earlier_ones(tmp_path: Path, warehouse: Warehouse) -> None:
    given = rows("market", "registration", 3)
    write_csv(tmp_path / "m" / "2025-01.csv", given)
    corrected = [given[0] | {"units": 999}]
    write_csv(tmp_path / "m" / "2025-02.csv", corrected)
    assert warehouse.load_ok("market", market_files=tmp_path / "m") == {"registration": (4, 3, 0, 1)}
    assert warehouse.load_ok("market", market_files=tmp_path / "m") == {}
    units = [r["units"] for r in warehouse.rows("raw_market.registration")]
    assert sorted(units) == sorted([999, given[1]["units"], given[2]["units"]])


def test_an_older_market_file_that_is_exported_again_does_not_bring_old_figures_back(
    tmp_path: Path, warehouse: Warehouse
) -> None:
    given = rows("market", "registration", 3)
    corrected = [given[0] | {"units": 999}]
    write_csv(tmp_path / "m" / "2025-01.csv", given)
    write_csv(tmp_path / "m" / "2025-02.csv", corrected)
    warehouse.load_ok("market", market_files=tmp_path / "m")
    again = [given[0], given[1] | {"units": 777}, given[2]]
    write_csv(tmp_path / "m" / "2025-01.csv", again)
    assert warehouse.load_ok("market", market_files=tmp_path / "m") == {"registration": (4, 3, 0, 1)}
    units = [r["units"] for r in warehouse.rows("raw_market.registration")]
    assert sorted(units) == sorted([999, 777, given[2]["units"]])
    assert warehouse.load_ok("market", market_files=tmp_path / "m") == {}


def test_a_mapping_turns_other_columns_into_the_contract(tmp_path: Path, warehouse: Warehouse) -> None:
    given = [
        {"country": "NO", "period": "2017-Q1", "ds_type": kind, "brand": "Tesla", "model": "", "units": "7"}
        for kind in ("AllCarsByBrand", "ElectricCarsByModel", "Nonsense")
    ]
    file = write_csv(tmp_path / "m" / "figures.csv", given)
    counts = warehouse.load_ok("market", market_files=file, market_mapping="open_ev_charts")
    assert counts == {"registration": (3, 2, 1, 0)}
    stored = [
        (r["region_code"], r["measure"], r["energy"]) for r in warehouse.rows("raw_market.registration")
    ]
    assert sorted(stored) == [("NO", "all_by_brand", "all"), ("NO", "electric_by_model", "electric")]


def test_market_parquet_is_read_like_csv(tmp_path: Path, warehouse: Warehouse) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    given = [*rows("market", "registration", 3), row("market", "registration", 4, units=-1)]
    pq.write_table(pa.Table.from_pylist(given), tmp_path / "figures.parquet")
    counts = warehouse.load_ok("market", market_files=tmp_path / "figures.parquet")
    assert counts == {"registration": (4, 3, 1, 0)}

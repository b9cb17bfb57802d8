"""Tables: what people read and what they download are the same values."""

import csv
import io
from datetime import date

from dashboards.tables import Column, Table, as_csv

TABLE = Table(
    "steps",
    [
        Column("Stage", ["Leads", "=1+2"]),
        Column("Rate", [0.473, None], "rate", unsure=["", "n < 20"]),
        Column("Day", [date(2026, 10, 31), None], "day"),
        Column("Course", [[1, 2], []], "course"),
    ],
)


def test_a_table_says_why_a_value_is_missing():
    assert TABLE.columns[1].texts() == ["47%", "n < 20"]
    assert TABLE.rows == 2


def test_a_download_has_raw_values_and_no_formula_of_a_stranger():
    text = as_csv(TABLE)
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows == [
        ["Stage", "Rate", "Day", "Course"],
        ["Leads", "0.473", "2026-10-31", "1 2"],
        ["'=1+2", "", "", ""],
    ]

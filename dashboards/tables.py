"""Tables: columns with a kind, drawn either as a plain table or as a grid with a selection, and as CSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import streamlit as st

from dashboards import formats
from dashboards.words import language, say

Kind = Literal["text", "count", "number", "rate", "points", "day", "moment", "truth", "bar", "course"]
# How a value of each kind stands in a plain table.
_TEXT: Mapping[Kind, Callable[[Any], str]] = {
    "text": lambda value: "" if value is None else str(value),
    "count": formats.count,
    "number": formats.number,
    "rate": formats.rate,
    "points": formats.points,
    "day": formats.day,
    "moment": formats.moment,
    "truth": lambda value: {True: "✓", False: "✗", None: ""}[value],
    "bar": formats.number,
    "course": lambda values: ", ".join(formats.number(value) for value in values),
}
_RIGHT = frozenset({"count", "number", "rate", "points"})
# What a grid gets as values, to sort by, and formats itself.
_RAW = frozenset({"day", "moment", "truth", "bar", "course", "count", "number"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column: `values` are raw (rates as shares from 0 to 1), `kind` says how they are shown.

    `width` is in pixels, `help` the question mark of its heading; `unsure` texts stand in place of values.
    """

    title: str
    values: Sequence[Any]
    kind: Kind = "text"
    width: int | None = None
    help: str | None = None
    unsure: Sequence[str] = ()

    def texts(self) -> list[str]:
        """The values as people read them."""
        shown = [_TEXT[self.kind](value) for value in self.values]
        return [note or text for note, text in zip(self.unsure, shown, strict=True)] if self.unsure else shown


@dataclass(frozen=True)
class Table:
    """Columns of equal length. `name` goes into the name of the downloaded file."""

    name: str
    columns: Sequence[Column]

    @property
    def rows(self) -> int:
        """Number of lines below the heading."""
        return len(self.columns[0].values) if self.columns else 0


def plain(table: Table, *, key: str) -> None:
    """A table in the document, which every screen reader reads, with its download."""
    st.table({column.title: column.texts() for column in table.columns}, hide_index=True, border="horizontal")
    download(table, key=key)


def grid(
    table: Table,
    *,
    key: str,
    alt: str,
    max_height: int = 388,
    on_pick: Callable[[int], None] | None = None,
) -> None:
    """A table to scroll, sort and search, with its download; `on_pick` gets the number of a selected row."""

    def picked() -> None:
        rows = st.session_state[key].selection.rows
        if rows and on_pick:
            on_pick(rows[0])

    selection: dict[str, Any] = {"on_select": picked, "selection_mode": "single-row"} if on_pick else {}
    st.dataframe(
        {
            column.title: list(column.values) if column.kind in _RAW and not column.unsure else column.texts()
            for column in table.columns
        },
        hide_index=True,
        key=key,
        height=min(max_height, 35 * table.rows + 38),
        alt=alt,
        column_config={column.title: _config(column) for column in table.columns},
        **selection,
    )
    download(table, key=key)


def download(table: Table, *, key: str) -> None:
    """The button that downloads the table; the file is written when somebody asks for it."""
    st.download_button(
        say("Download as CSV"),
        lambda: as_csv(table),
        file_name=f"forecourt-{table.name}.csv",
        mime="text/csv",
        key=f"csv_{key}",
        type="tertiary",
        icon=":material/download:",
        on_click="ignore",
    )


def as_csv(table: Table) -> bytes:
    """Raw values in UTF-8 with a byte order mark, which spreadsheets need to read anything but ASCII."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.title for column in table.columns])
    writer.writerows(
        zip(*([_cell(value) for value in column.values] for column in table.columns), strict=True)
    )
    return file.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """A value for a spreadsheet: ISO dates, and no text that it would take for a formula."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else value


def _config(column: Column) -> Any:
    of: Any = st.column_config
    more = {"width": column.width, "help": column.help}
    kind = "text" if column.unsure else column.kind
    most = max((value for value in column.values if value is not None), default=1) if kind == "bar" else 1
    known: dict[str, Callable[[], Any]] = {
        "bar": lambda: of.ProgressColumn(
            format="%.1f", min_value=0, max_value=most or 1, color="orange", **more
        ),
        "course": lambda: of.LineChartColumn(**more),
        "truth": lambda: of.CheckboxColumn(**more),
        "day": lambda: of.DateColumn(format=formats.DAY_PATTERN[language()], **more),
        "moment": lambda: of.DatetimeColumn(
            format=formats.MOMENT_PATTERN[language()], timezone="UTC", **more
        ),
        "count": lambda: of.NumberColumn(format="localized", **more),
        "number": lambda: of.NumberColumn(format="localized", **more),
    }
    if kind in known:
        return known[kind]()
    return of.TextColumn(alignment="right" if column.kind in _RIGHT else None, **more)

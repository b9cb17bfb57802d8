"""The funnel as bars: what share passes each stage, or how many leads are left, with the comparisons as
marks.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple

from dashboards import formats
from dashboards.charts.common import LABEL_PIXELS, Option, category_axis, fixed_grid, responsive
from dashboards.funnel_rows import FunnelRow
from dashboards.theme import Theme
from dashboards.words import say

ROW_PIXELS = 44
BAR_PIXELS = 24
_FONT = 13
# What our rate is set against, what matters most first; the bars' marks and the table have all of it.
_COMPARED = (
    ("before_rate", "vs before"), ("year_rate", "vs last year"), ("network_rate", "vs network"),
    ("target", "vs target"), ("region_rate", "vs region"),
)  # fmt: skip
_MOST_COMPARED = 3


Bars = Literal["previous", "leads", "count"]


class Column(NamedTuple):
    """Numbers right of the bars. Widths are pixels."""

    key: str
    title: str
    width: int
    text: Callable[[FunnelRow], str]


def height(rows: Sequence[FunnelRow]) -> int:
    """Pixels that the chart needs: the stages and a line of headings."""
    return ROW_PIXELS * len(rows) + 30


def funnel_chart(rows: Sequence[FunnelRow], theme: Theme, *, show: Bars = "previous") -> Option:
    """Bars of the share of the stage before, of the share of all leads, or of the number at each stage."""
    of_leads = show == "count"
    if show == "leads":
        rows = [_of_leads(row) for row in rows]
    columns = _columns(rows)
    few = [column for column in columns if column[0] in ("reached", "rate")]
    labels = ["", *(row.label for row in rows)]
    longest = max(1, rows[0].reached) if of_leads else 1
    option: Option = {
        "animationDurationUpdate": 300,
        "grid": fixed_grid(LABEL_PIXELS, _width(columns)),
        "xAxis": {"type": "value", "show": False, "min": 0, "max": longest},
        "yAxis": [_names(labels, theme), _numbers(rows, columns, theme)],
        "tooltip": {"trigger": "item", "confine": True},
        "series": [*_bars(rows, theme, of_leads), *_marks(rows, theme, of_leads)],
    }
    narrow = {
        "grid": fixed_grid(LABEL_PIXELS, _width(few)),
        "yAxis": [_names(labels, theme), _numbers(rows, few, theme)],
    }
    return responsive(option, 520, narrow)


def _of_leads(row: FunnelRow) -> FunnelRow:
    """The row with its share of all leads as its rate; comparisons are of the step, not the way."""
    return replace(
        row, rate=row.of_leads, region_rate=None, network_rate=None, target=None, before_rate=None,
        year_rate=None,
    )  # fmt: skip


def _width(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + 8


def _columns(rows: Sequence[FunnelRow]) -> list[Column]:
    """The first comparisons that exist: no target column where nobody set a target."""
    columns = [
        Column("reached", say("Reached"), 66, lambda row: formats.count(row.reached) if row.has_data else ""),
        Column("rate", say("Rate"), 62, _rate),
    ]
    known = [(key, title) for key, title in _COMPARED if any(getattr(row, key) is not None for row in rows)]
    columns += [Column(key, say(title), 82, partial(_gap, key)) for key, title in known[:_MOST_COMPARED]]
    return columns


def _rate(row: FunnelRow) -> str:
    return "" if row.step == "lead" else row.note or formats.rate(row.rate)


def _gap(key: str, row: FunnelRow) -> str:
    gap = row.gap(getattr(row, key))
    if gap is None:
        return ""
    text = formats.points(gap)
    arrow = "●" if text == "0 pp" else "▲" if gap > 0 else "▼"
    return f"{arrow} {text}"


def _names(labels: list[str], theme: Theme) -> Option:
    style = {"color": theme.ink, "fontSize": _FONT, "align": "left", "margin": LABEL_PIXELS - 2}
    return category_axis(labels, inverse=True, axisLabel=style)


def _numbers(rows: Sequence[FunnelRow], columns: Sequence[Column], theme: Theme) -> Option:
    rich: Option = {}
    for key, _, width, _ in columns:
        base = {"width": width, "align": "right", "fontSize": _FONT}
        rich[key] = {**base, "color": theme.ink}
        rich[f"{key}_head"] = {**base, "color": theme.muted, "fontSize": 12}
        rich[f"{key}_weak"] = {**base, "color": theme.weak, "fontWeight": 700}
    head = "".join(f"{{{key}_head|{title}}}" for key, title, _, _ in columns)
    lines = [
        "".join(
            f"{{{key}{'_weak' if row.is_weak and key != 'reached' else ''}|{text(row) or ' '}}}"
            for key, _, _, text in columns
        )
        for row in rows
    ]
    style = {"rich": rich, "margin": 6, "align": "left", "interval": 0}
    return category_axis([head, *lines], inverse=True, position="right", axisLabel=style)


def _bars(rows: Sequence[FunnelRow], theme: Theme, of_leads: bool) -> list[Option]:
    def length(row: FunnelRow) -> float | None:
        if not row.has_data:
            return None
        if of_leads or row.step == "lead":
            return row.reached if of_leads else 1
        return row.rate

    def room(row: FunnelRow) -> float | None:
        return (row.entered if of_leads else 1) if row.has_data else None

    base = {"type": "bar", "barWidth": BAR_PIXELS, "barGap": "-100%"}
    rounded = {"borderRadius": 5}
    bars = [
        {
            **base,
            "name": "room",
            "z": 1,
            "silent": True,
            "itemStyle": {**rounded, "color": theme.ghost},
            "data": [None, *map(room, rows)],
            "tooltip": {"show": False},
        },
        {
            **base,
            "name": "Took the step" if of_leads else "Share of the stage before",
            "z": 3,
            "data": [None, *({"value": length(row), "itemStyle": _fill(row, theme)} for row in rows)],
            "tooltip": {"valueFormatter": "localized" if of_leads else "percent"},
        },
    ]
    if of_leads:
        open_bar = {"color": theme.brand, "opacity": 0.28, **rounded}
        reach = [row.reached + row.still_open if row.has_data and row.still_open else None for row in rows]
        bars.append(
            {**base, "name": "open", "z": 2, "silent": True, "itemStyle": open_bar, "data": [None, *reach]}
        )
    return bars


def _fill(row: FunnelRow, theme: Theme) -> Option:
    return {"borderRadius": 5, "color": theme.weak if row.is_weak else theme.brand}


def _marks(rows: Sequence[FunnelRow], theme: Theme, of_leads: bool) -> list[Option]:
    """Target: a line. Network: a diamond. Region: a triangle. Ringed with the surface's colour."""
    # Network and region often agree: one stands at the upper edge of the bar, one at the lower.
    shapes: tuple[tuple[str, str, str, int | list[int], int], ...] = (
        ("target", "Target", "rect", [3, BAR_PIXELS + 10], 0),
        ("network_rate", "Network", "diamond", 12, -9),
        ("region_rate", "Region", "triangle", 11, 9),
    )
    ring = {"color": theme.ink, "opacity": 1, "borderColor": theme.surface, "borderWidth": 1.5}
    marks: list[Option] = []
    for key, name, symbol, size, offset in shapes:
        if of_leads and key != "target":
            continue
        points = [
            [getattr(row, key) * (row.entered if of_leads else 1), index]
            for index, row in enumerate(rows, 1)
            if getattr(row, key) is not None and row.has_data
        ]
        if points:
            look = {"type": "scatter", "z": 5, "symbol": symbol, "symbolSize": size, "itemStyle": ring}
            look["symbolOffset"] = [0, offset]
            tooltip = {"valueFormatter": "localized" if of_leads else "percent"}
            marks.append({**look, "name": name, "data": points, "tooltip": tooltip})
    return marks

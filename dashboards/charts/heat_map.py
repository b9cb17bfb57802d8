"""Rates of rows (regions or dealers) at each step against a reference, in percentage points."""

from collections.abc import Mapping, Sequence

from dashboards import formats
from dashboards.charts.common import Option, category_axis, fixed_grid, responsive
from dashboards.labels import stage
from dashboards.theme import Theme, ramp, text_on
from serving.funnel import Funnel, StepCount

ROW_PIXELS = 30
DEALER_PIXELS = 40
MIN_PIXELS = 300
# The colour is full at this difference; larger ones look the same, so that one outlier does not pale the
# rest.
FULL_POINTS = 10.0
# Below the cells: the names of the steps, two lines on a phone.
HEAD_PIXELS = 36


def height(rows: int, *, of_regions: bool) -> int:
    """Pixels that the chart needs; dealers' names take up to three lines on a phone."""
    return max(MIN_PIXELS, (ROW_PIXELS if of_regions else DEALER_PIXELS) * rows + HEAD_PIXELS)


def heat_map(rows: Sequence[tuple[str, Funnel]], reference: Mapping[str, float], theme: Theme) -> Option:
    """One line for each (name, funnel), one column for each step that has data. Unsure cells show no
    number.
    """
    steps = [step for step in rows[0][1] if step.has_data] if rows else []
    data = [
        _cell(column, line, funnel[step.step_no - 1], reference, theme)
        for line, (_, funnel) in enumerate(rows)
        for column, step in enumerate(steps)
    ]
    option: Option = {
        "grid": fixed_grid(196, 2, 0, HEAD_PIXELS),
        "tooltip": {"formatter": "{b}", "confine": True},
        "xAxis": _steps(steps, theme, 76, 12),
        "yAxis": _rows(rows, theme, 186, 12),
        "series": [
            {
                "type": "heatmap",
                "name": "difference",
                "selectedMode": "single",
                "cursor": "pointer",
                "data": data,
                "label": {"show": True, "fontSize": 12},
                "itemStyle": {"borderColor": theme.surface, "borderWidth": 2, "borderRadius": 6},
                "emphasis": {"itemStyle": {"borderColor": theme.ink, "borderWidth": 1}},
                "select": {"itemStyle": {"borderColor": theme.ink, "borderWidth": 2}},
            }
        ],
        # Cells carry their own colour; ECharts still wants a map for this kind of series.
        "visualMap": {"show": False, "min": -FULL_POINTS, "max": FULL_POINTS, "seriesIndex": []},
    }
    narrow = {
        "grid": fixed_grid(112, 0, 0, HEAD_PIXELS),
        "xAxis": _steps(steps, theme, 46, 10),
        "yAxis": _rows([(_broken(name), funnel) for name, funnel in rows], theme, 106, 11),
    }
    return responsive(option, 480, narrow)


def _steps(steps: Sequence[StepCount], theme: Theme, width: int, size: int) -> Option:
    style = {"color": theme.muted, "fontSize": size, "interval": 0, "width": width, "overflow": "break"}
    return category_axis([stage(step.step, step.name) for step in steps], axisLabel=style)


def _broken(name: str) -> str:
    """A long compound name with a line break after its hyphen; ECharts itself breaks at spaces only."""
    return name.replace("-", "-\n", 1) if len(name) > 18 else name


def _rows(rows: Sequence[tuple[str, Funnel]], theme: Theme, width: int, size: int) -> Option:
    style = {"color": theme.ink, "fontSize": size, "lineHeight": size + 1, "interval": 0}
    style |= {"width": width, "overflow": "break"}
    return category_axis([name for name, _ in rows], inverse=True, axisLabel=style)


def row_of_cell(index: int, funnels: Sequence[tuple[str, Funnel]]) -> int:
    """The line of the cell that a click reports by its place in the data."""
    columns = sum(step.has_data for step in funnels[0][1])
    return index // max(columns, 1)


def _cell(column: int, line: int, step: StepCount, reference: Mapping[str, float], theme: Theme) -> Option:
    base = reference.get(step.step)
    if step.rate is None or base is None or not step.is_sure:
        text, value, color = ("·", 0.0, theme.ghost)
        tip = f"{stage(step.step, step.name)}: too few leads to judge ({step.mature_entered})"
        ink = theme.muted
    else:
        value = 100 * (step.rate - base)
        text = formats.points(value / 100).removesuffix(" pp")
        color = ramp(theme.diverging, 0.5 + value / (2 * FULL_POINTS))
        ink = text_on(color)
        tip = (
            f"{stage(step.step, step.name)}: {formats.rate(step.rate)} against {formats.rate(base)}, "
            f"{formats.count(step.mature_entered)} leads"
        )
    return {
        "value": [column, line, round(value, 2)],
        "name": tip,
        "itemStyle": {"color": color},
        "label": {"formatter": text, "color": ink},
    }

"""Dealers by steps: percentage points above or below the benchmark of each dealer's own peers."""

from collections.abc import Mapping, Sequence

from dashboards import formats
from dashboards.charts.common import Option, category_axis, fixed_grid, responsive
from dashboards.charts.heat_map import DEALER_PIXELS, FULL_POINTS, HEAD_PIXELS
from dashboards.theme import Theme, ramp, text_on
from dashboards.words import say
from serving.funnel import MIN_CASES
from serving.weak_links import WeakLink

Line = tuple[str, Mapping[str, WeakLink]]


def height(lines: int) -> int:
    """Pixels that the chart needs, the names of the steps included."""
    return max(160, (DEALER_PIXELS - 10) * lines + HEAD_PIXELS)


def dealer_matrix(lines: Sequence[Line], steps: Sequence[tuple[str, str]], theme: Theme) -> Option:
    """One line for each dealer, one column for each (step, label). A dot stands where too few leads are."""
    data = [
        _cell(column, row, links.get(step), theme)
        for row, (_, links) in enumerate(lines)
        for column, (step, _) in enumerate(steps)
    ]
    names, labels = [name for name, _ in lines], [label for _, label in steps]
    option: Option = {
        "grid": fixed_grid(216, 2, 0, HEAD_PIXELS),
        "tooltip": {"formatter": "{b}", "confine": True},
        "xAxis": _steps(labels, theme, 76, 12),
        "yAxis": _dealers(names, theme, 208, 12),
        "series": [{
            "type": "heatmap", "selectedMode": "single", "cursor": "pointer", "data": data,
            "label": {"show": True, "fontSize": 12},
            "itemStyle": {"borderColor": theme.surface, "borderWidth": 2, "borderRadius": 6},
        }],
        "visualMap": {"show": False, "min": -FULL_POINTS, "max": FULL_POINTS, "seriesIndex": []},
    }  # fmt: skip
    narrow = {
        "grid": fixed_grid(118, 0, 0, HEAD_PIXELS),
        "xAxis": _steps(labels, theme, 44, 10),
        "yAxis": _dealers(names, theme, 112, 11),
    }
    return responsive(option, 520, narrow)


def _steps(labels: Sequence[str], theme: Theme, width: int, size: int) -> Option:
    style = {"color": theme.muted, "fontSize": size, "interval": 0, "width": width, "overflow": "break"}
    return category_axis(list(labels), axisLabel=style)


def _dealers(names: Sequence[str], theme: Theme, width: int, size: int) -> Option:
    style = {"color": theme.ink, "fontSize": size, "interval": 0, "width": width, "overflow": "truncate"}
    return category_axis(list(names), inverse=True, axisLabel=style)


def _cell(column: int, row: int, link: WeakLink | None, theme: Theme) -> Option:
    known = link is not None and link.rate is not None and link.benchmark_rate is not None
    if link is None or not known or link.entered_cnt < MIN_CASES:
        n = link.entered_cnt if link else 0
        return {
            "value": [column, row, 0], "name": say("Too few leads to judge: {n}", n=n),
            "itemStyle": {"color": theme.ghost}, "label": {"formatter": "·", "color": theme.muted},
        }  # fmt: skip
    gap = (link.rate or 0) - (link.benchmark_rate or 0)
    # Full orange is for what is weak; a shortfall that chance explains stays pale, however large.
    place = min(0.75, max(0.25, 0.5 + 100 * gap / (4 * FULL_POINTS)))
    color = theme.weak if link.is_weak else ramp(theme.diverging, place)
    name = say(
        "{rate} against {peers} at its peers, {n} leads", rate=formats.rate(link.rate),
        peers=formats.rate(link.benchmark_rate), n=formats.count(link.entered_cnt),
    )  # fmt: skip
    return {
        "value": [column, row, round(100 * gap, 2)],
        "name": name,
        "itemStyle": {"color": color},
        "label": {"formatter": formats.points(gap).removesuffix(" pp"), "color": text_on(color)},
    }

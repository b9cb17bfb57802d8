"""One dealer's steps against its peers: the rate with its interval, and the benchmark."""

from collections.abc import Sequence

from dashboards import formats
from dashboards.charts.common import LABEL_PIXELS, Option, category_axis, fixed_grid
from dashboards.labels import stage
from dashboards.theme import Theme
from serving.funnel import MIN_CASES
from serving.weak_links import WeakLink

ROW_PIXELS = 66


def height(links: Sequence[WeakLink]) -> int:
    """Pixels that the chart needs, the axis included."""
    return ROW_PIXELS * len(links) + 34


def peer_chart(links: Sequence[WeakLink], theme: Theme) -> Option:
    """A bar from the low to the high end of each interval, a dot at the rate, a line at the peers'
    benchmark.
    """
    judged = [link for link in links if link.rate is not None]
    low = [_percent(link.interval_low, link.rate) for link in judged]
    span = [_percent(link.interval_high, link.rate) - start for link, start in zip(judged, low, strict=True)]
    colors = [_color(link, theme) for link in judged]
    benchmark = [
        [100 * link.benchmark_rate, line]
        for line, link in enumerate(judged)
        if link.benchmark_rate is not None
    ]
    bar = {"type": "bar", "stack": "interval", "silent": True, "barWidth": 10}
    return {
        "grid": fixed_grid(LABEL_PIXELS, 22, 8, 26),
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{b}"},
        "xAxis": {
            "type": "value", "min": 0, "max": 100, "interval": 25,
            "axisLabel": {"color": theme.muted, "fontSize": 12, "formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": theme.line}},
        },
        "yAxis": _names(judged, theme),
        "series": [
            {**bar, "itemStyle": {"opacity": 0}, "data": low},
            {**bar, "name": "interval", "data": [_pale(*one) for one in zip(span, colors, strict=True)]},
            {
                "type": "scatter", "name": "rate", "symbolSize": 12, "z": 4,
                "data": [_dot(link, line, colors[line], theme) for line, link in enumerate(judged)],
            },
            {
                "type": "scatter", "name": "peers", "symbol": "rect", "symbolSize": [3, 26], "z": 5,
                "silent": True, "itemStyle": {"color": theme.ink, "opacity": 1}, "data": benchmark,
            },
        ],
    }  # fmt: skip


def _names(judged: Sequence[WeakLink], theme: Theme) -> Option:
    style = {"color": theme.ink, "fontSize": 13, "align": "left", "margin": LABEL_PIXELS - 2, "interval": 0}
    names = [stage(link.step, link.step_name) for link in judged]
    return category_axis(names, inverse=True, axisLabel=style)


def _color(link: WeakLink, theme: Theme) -> str:
    if link.entered_cnt < MIN_CASES:
        return theme.muted
    return theme.weak if link.is_weak else theme.brand


def _pale(value: float, color: str) -> Option:
    return {"value": value, "itemStyle": {"color": color, "opacity": 0.3, "borderRadius": 5}}


def _dot(link: WeakLink, line: int, color: str, theme: Theme) -> Option:
    rate = link.rate or 0.0
    return {
        "value": [100 * rate, line],
        "name": f"{formats.rate(link.rate)} of {formats.count(link.entered_cnt)} leads, "
        f"peers {formats.rate(link.benchmark_rate)}",
        "itemStyle": {"color": color, "opacity": 1},
        "label": {
            "show": True,
            "formatter": f"n = {link.entered_cnt}"
            if link.entered_cnt < MIN_CASES
            else formats.rate(link.rate),
            "position": "top" if rate > 0.08 else "right",
            "distance": 6,
            "color": theme.ink,
            "fontSize": 12,
            "fontWeight": 600,
        },
    }


def _percent(value: float | None, otherwise: float | None) -> float:
    return 100 * (value if value is not None else otherwise or 0.0)

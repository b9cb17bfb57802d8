"""Dealers ranked by their rate at one step: a dot with its interval, the benchmark, the middle half."""

from collections.abc import Sequence

from dashboards import formats
from dashboards.charts.common import Option, category_axis, fixed_grid, responsive
from dashboards.theme import Theme
from dashboards.words import say
from serving.funnel import MIN_CASES
from serving.weak_links import WeakLink

ROW_PIXELS = 24
_AXIS = 30


def height(links: Sequence[WeakLink]) -> int:
    """Pixels that the chart needs, the axis included."""
    return ROW_PIXELS * len(links) + _AXIS + 12


def ranked_dots(links: Sequence[WeakLink], band: tuple[float, float] | None, theme: Theme) -> Option:
    """One line for each link with a rate, in the order given; `band` are two rates that are shaded."""
    low = [100 * (link.interval_low or 0) for link in links]
    span = [100 * (link.interval_high or 0) - start for link, start in zip(links, low, strict=True)]
    bar: Option = {"type": "bar", "stack": "interval", "silent": True, "barWidth": 8}
    pale = [
        {
            "value": round(value, 2),
            "itemStyle": {"color": _color(link, theme), "opacity": 0.28, "borderRadius": 4},
        }
        for link, value in zip(links, span, strict=True)
    ]
    dots: Option = {
        "type": "scatter", "name": say("Rate"), "symbolSize": 11, "z": 4, "cursor": "pointer",
        "data": [_dot(link, line, theme) for line, link in enumerate(links)],
    }  # fmt: skip
    if band:
        dots["markArea"] = {
            "silent": True, "itemStyle": {"color": theme.brand, "opacity": 0.08},
            "data": [[{"xAxis": 100 * band[0]}, {"xAxis": 100 * band[1]}]],
        }  # fmt: skip
    benchmark = [
        [round(100 * link.benchmark_rate, 2), line]
        for line, link in enumerate(links)
        if link.benchmark_rate is not None
    ]
    option: Option = {
        "grid": fixed_grid(216, 20, 4, _AXIS),
        "tooltip": {"trigger": "item", "confine": True, "formatter": "{b}"},
        "xAxis": {
            "type": "value", "min": 0, "max": 100,
            "axisLabel": {"color": theme.muted, "fontSize": 12, "formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": theme.line}},
        },
        "yAxis": _names(links, theme, 208, 12),
        "series": [
            {**bar, "itemStyle": {"opacity": 0}, "data": [round(value, 2) for value in low]},
            {**bar, "data": pale},
            dots,
            {
                "type": "scatter", "symbol": "rect", "symbolSize": [2, 16], "z": 5, "silent": True,
                "itemStyle": {"color": theme.ink, "opacity": 1}, "data": benchmark,
            },
        ],
    }  # fmt: skip
    narrow = {"grid": fixed_grid(124, 20, 4, _AXIS), "yAxis": _names(links, theme, 118, 11)}
    return responsive(option, 520, narrow)


def _names(links: Sequence[WeakLink], theme: Theme, width: int, size: int) -> Option:
    style = {
        "color": theme.ink, "fontSize": size, "width": width, "overflow": "truncate", "interval": 0,
        "align": "left", "margin": width,
    }  # fmt: skip
    return category_axis([link.dealer_name for link in links], inverse=True, axisLabel=style)


def _color(link: WeakLink, theme: Theme) -> str:
    if link.entered_cnt < MIN_CASES:
        return theme.muted
    return theme.weak if link.is_weak else theme.brand


def _dot(link: WeakLink, line: int, theme: Theme) -> Option:
    text = "{dealer}: {rate} ({low} to {high}) of {n} leads, peers {peers}"
    name = say(
        text, dealer=link.dealer_name, rate=formats.rate(link.rate), low=formats.rate(link.interval_low),
        high=formats.rate(link.interval_high), n=formats.count(link.entered_cnt),
        peers=formats.rate(link.benchmark_rate),
    )  # fmt: skip
    value = [round(100 * (link.rate or 0), 2), line]
    return {"value": value, "name": name, "itemStyle": {"color": _color(link, theme), "opacity": 1}}

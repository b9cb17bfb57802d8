"""How an indicator went, week by week, as one line. Weeks without data stay empty: no data is not zero."""

from collections.abc import Callable, Sequence
from datetime import date

from dashboards.charts.common import Option
from dashboards.theme import Theme


def course_chart(
    days: Sequence[date], values: Sequence[float | None], text: Callable[[float | None], str], theme: Theme
) -> Option:
    """A line over statistical dates; `text` writes a value in its unit, for the tooltip and the extremes."""
    labels = [f"{day.day} {day:%b}" for day in days]
    known = [value for value in values if value is not None]
    points = [
        {"value": value, "name": text(value), "symbolSize": 9 if number == len(values) - 1 else 5}
        for number, value in enumerate(values)
    ]
    return {
        "grid": {"left": 4, "right": 4, "top": 18, "bottom": 2, "containLabel": True},
        "tooltip": {"trigger": "item", "formatter": "{b}", "confine": True},
        "xAxis": {
            "type": "category", "data": labels,
            "axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": theme.line}},
            "axisLabel": {"color": theme.muted, "fontSize": 12, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value", "scale": bool(known) and min(known) > 0.5 * max(known), "splitNumber": 3,
            "axisLabel": {"show": False}, "splitLine": {"lineStyle": {"color": theme.line}},
        },
        "series": [{
            "type": "line", "data": points, "color": theme.brand, "symbol": "circle",
            "lineStyle": {"color": theme.brand, "width": 3},
            "markPoint": {
                "silent": True, "symbol": "rect", "symbolSize": 0.1,
                "label": {"color": theme.ink, "fontSize": 12, "position": "top", "formatter": "{b}"},
                "data": [
                    {"name": text(max(known)), "type": "max"}, {"name": text(min(known)), "type": "min"},
                ] if len(set(known)) > 1 else [],
            },
        }],
    }  # fmt: skip

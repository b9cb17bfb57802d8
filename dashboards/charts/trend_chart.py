"""How one step's rate went over the period: the scope as a line, the network as a grey one, the target
dashed.
"""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil, floor

from dashboards.charts.common import Option
from dashboards.theme import Theme
from serving.funnel import TrendBin, coarser
from serving.scope import Period


def rates(trend: Sequence[TrendBin], step_no: int, bins: int) -> list[float | None]:
    """The step's rate in each bin; None where cohorts are not mature or too few."""
    found = {one.bin_no: one.rate for one in trend if one.step_no == step_no}
    return [found.get(number) for number in range(bins)]


def grain(trend: Sequence[TrendBin], step_no: int, bins: int) -> int:
    """How many bins to make one of, so that most of the mature ones have enough leads; 1 where none helps."""
    for factor in (one for one in range(1, bins) if bins % one == 0):
        mine = [one for one in coarser(trend, factor) if one.step_no == step_no and one.is_mature]
        known = sum(one.rate is not None for one in mine)
        if known >= 2 and known >= 0.6 * len(mine):
            return factor
    return 1


def bin_labels(period: Period, bins: int) -> list[str]:
    """The first day of each bin."""
    starts = (period.first + timedelta(days=-(-number * period.days // bins)) for number in range(bins))
    return [f"{start.day} {start:%b %y}" for start in starts]


def axis_range(values: Sequence[float | None]) -> tuple[int, int]:
    """Percent from and to, in tens: at least 20 points wide, so that noise does not look like a fall."""
    known = [100 * value for value in values if value is not None]
    low = 10 * floor(min(known) / 10)
    high = max(low + 10, 10 * ceil(max(known) / 10))
    if high - low < 20:
        low, high = (low - 10, high) if min(known) - low < high - max(known) else (low, high + 10)
    inside = max(0, -low) - max(0, high - 100)
    return low + inside, high + inside


def trend_chart(
    labels: list[str],
    ours: tuple[str, list[float | None]],
    network: list[float | None] | None,
    target: float | None,
    theme: Theme,
    *,
    is_weak: bool,
) -> Option:
    """Lines over equal parts of the period. Parts that are too early to judge stay empty."""
    color = theme.weak if is_weak else theme.brand
    name, values = ours
    series: list[Option] = []
    if network is not None:
        series.append(_line("Network", network, theme.muted, 2))
    series.append(_line(name, values, color, 3))
    if target is not None:
        series[-1]["markLine"] = {
            "silent": True,
            "symbol": "none",
            "lineStyle": {"color": theme.ink, "type": "dashed", "width": 1.5},
            "label": {"formatter": "target", "color": theme.muted, "position": "insideEndTop"},
            "data": [{"yAxis": round(100 * target, 2)}],
        }
    low, high = axis_range([*values, *(network or ()), target])
    return {
        "grid": {"left": 4, "right": 28, "top": 34, "bottom": 2, "containLabel": True},
        "legend": {"top": 0, "left": 0, "icon": "roundRect", "itemWidth": 14, "itemHeight": 4,
                   "textStyle": {"color": theme.ink, "fontSize": 12}},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.1f%%", "confine": True},
        "xAxis": {
            "type": "category", "data": labels, "boundaryGap": False,
            "axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": theme.line}},
            "axisLabel": {"color": theme.muted, "fontSize": 12, "hideOverlap": True},
        },
        "yAxis": {
            "type": "value", "min": low, "max": high, "splitNumber": 4,
            "axisLabel": {"color": theme.muted, "fontSize": 12, "formatter": "{value}%"},
            "splitLine": {"lineStyle": {"color": theme.line}},
        },
        "series": series,
    }  # fmt: skip


def _line(name: str, values: list[float | None], color: str, width: int) -> Option:
    percent = [None if value is None else round(100 * value, 2) for value in values]
    return {
        "type": "line", "name": name, "data": percent, "color": color,
        "symbol": "circle", "symbolSize": 6, "lineStyle": {"color": color, "width": width},
        "itemStyle": {"color": color},
    }  # fmt: skip

"""What the charts share: axes without ornament, and options that answer to the chart's own width."""

from typing import Any

Option = dict[str, Any]

# Room for text, measured with Source Sans at 13 px; names longer than this are cut with an ellipsis.
LABEL_PIXELS = 92


def fixed_grid(left: int, right: int, top: int = 0, bottom: int = 0) -> Option:
    """A plot area at exact distances. ECharts 6 would otherwise move it inwards to make room for labels."""
    edges = {"left": left, "right": right, "top": top, "bottom": bottom}
    return {**edges, "containLabel": False, "outerBoundsMode": "none"}


def category_axis(labels: list[str], **more: Any) -> Option:
    """An axis of names without ticks or lines."""
    return {
        "type": "category",
        "data": labels,
        "axisTick": {"show": False},
        "axisLine": {"show": False},
        "splitLine": {"show": False},
        **more,
    }


def responsive(option: Option, max_width: int, narrow: Option) -> Option:
    """`option`, with `narrow` merged over it while the chart is at most `max_width` pixels wide.

    ECharts evaluates this in the browser against the chart's own width. The second rule restores the wide
    form.
    """
    wide = {key: option[key] for key in narrow if key in option}
    return {
        "baseOption": option,
        "media": [{"query": {"maxWidth": max_width}, "option": narrow}, {"option": wide}],
    }

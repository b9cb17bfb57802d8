"""The published snapshot: what readers see, with its size, its rows and a picture of the funnel."""

import base64
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.assets.naming import PUBLISHED_GROUP, SNAPSHOT_KEY, WRITER_POOL
from orchestration.assets.retries import STEPS
from orchestration.assets.writer import settings_and_lock
from orchestration.progress import PlainProgress

if TYPE_CHECKING:
    from serving.funnel import StepCount
    from serving.snapshot import PublishReport

# The schemas that are published.
PUBLISHED_SCHEMAS = ("indicators", "serving")


def snapshot_asset(deps: Sequence[dg.AssetKey], dashboards: str) -> dg.AssetsDefinition:
    """The snapshot as an asset that follows from the published models; ``dashboards`` is where it is seen."""

    @dg.asset(
        key=SNAPSHOT_KEY,
        deps=deps,
        group_name=PUBLISHED_GROUP,
        kinds={"duckdb", "streamlit"},
        owners=["team:analytics"],
        pool=WRITER_POOL,
        retry_policy=STEPS,
        description=(
            "The read-only file that the dashboards open; a new version becomes current at once. "
            f"[Dealer funnel]({dashboards}/dealer-funnel) · [Data health]({dashboards}/data-health)"
        ),
    )
    def published_snapshot(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        from orchestration import pipeline

        with settings_and_lock(context) as settings:
            report = pipeline.publish(settings, PlainProgress(context.log.info))
        return dg.MaterializeResult(
            metadata={"dashboards": dg.MetadataValue.url(dashboards), **_metadata(report)}
        )

    return published_snapshot


def _metadata(report: "PublishReport") -> dict[str, Any]:
    table = [f"| {name} | {rows:,} |" for name, rows in sorted(report.tables.items())]
    return {
        "version": report.version,
        "file": dg.MetadataValue.path(str(report.path)),
        "size (MB)": round(report.bytes / 1e6, 1),
        "dagster/row_count": sum(report.tables.values()),
        "seconds": round(report.seconds, 2),
        "tables": dg.MetadataValue.md("\n".join(["| table | rows |", "|---|---:|", *table])),
        "dealer funnel": dg.MetadataValue.md(_funnel_picture(report)),
    }


def _funnel_picture(report: "PublishReport") -> str:
    """The network's funnel of the last 365 days as a picture inside Markdown; a sentence where there is no
    lead.
    """
    from orchestration.funnel import network_funnel

    funnel = network_funnel(report.path.parent)
    if funnel is None:
        return "There is no lead in these data."
    svg = base64.b64encode(funnel_svg(funnel.leads, funnel.steps).encode()).decode()
    title = f"Leads of {funnel.period.first} to {funnel.period.last}"
    return f"{title}\n\n![funnel](data:image/svg+xml;base64,{svg})"


def funnel_svg(leads: int, steps: "Sequence[StepCount]") -> str:
    """A bar for the leads and one for each step, as SVG. A step without data says so and has no bar."""
    bars: list[tuple[str, int | None, str]] = [("Lead", leads, "")]
    for step in steps:
        rate = "" if step.rate is None else f" ({step.rate:.0%})"
        bars.append((step.name, step.passed if step.has_data else None, rate))
    lines = []
    for position, (name, value, rate) in enumerate(bars):
        y = 8 + position * 30
        width = round(400 * (value or 0) / max(leads, 1))
        label = "no data" if value is None else f"{value:,}{rate}"
        lines.append(
            f'<text x="0" y="{y + 15}">{escape(name)}</text>'
            f'<rect x="100" y="{y}" width="{width}" height="20" rx="3" fill="#1D4ED8"/>'
            f'<text x="{108 + width}" y="{y + 15}">{label}</text>'
        )
    height = 16 + len(bars) * 30
    style = 'font-family="sans-serif" font-size="13" fill="#5B6678"'
    size = f'width="640" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{"".join(lines)}</svg>'

"""Source systems and raw tables: one asset for each system and for each raw table, one loading step for each
system.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from ingestion.config import SOURCE_NAMES
from ingestion.contracts import entities, load_contracts
from orchestration.assets.naming import RAW_GROUP, SOURCES_GROUP, WRITER_POOL, asset_key, source_system_key
from orchestration.assets.retries import STEPS, again
from orchestration.assets.writer import settings_and_lock
from orchestration.progress import PlainProgress
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.load import SourceReport
    from orchestration.targets import LoadTarget

OWNERS = ["team:data_platform"]
_SYSTEMS = {
    "crm": ("Dealership CRM: leads, cards, visits, test drives, orders, deliveries.", {"sql"}),
    "service": ("Workshop system: customers, vehicles, repair orders, claims, surveys.", {"sql"}),
    "app": ("Mobile app: sessions and events, in the shape of Segment's track call.", {"json"}),
    "marketing": ("Marketing tools: campaigns, spend, subscribers, e-mails, web forms.", {"api"}),
    "market": ("New-car registrations by brand and region, from published files.", {"csv"}),
}
# The tables that the loader keeps beside a source's entities.
_KEPT = {
    "rejected_row": "One row for each source row that broke its contract, with its reason and its bytes.",
    "load_audit": "One row for each load run and entity: rows read, loaded, rejected, repeated.",
}


@dg.multi_asset(
    name="source_systems",
    specs=[
        dg.AssetSpec(
            source_system_key(name), group_name=SOURCES_GROUP, description=text, kinds=kinds, owners=OWNERS
        )
        for name, (text, kinds) in _SYSTEMS.items()
    ],
    pool=WRITER_POOL,
    retry_policy=STEPS,
)
def source_systems(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Find the source systems; where none is configured, the demo world is written (or used again)."""
    with settings_and_lock(context) as settings:
        target = _target(context, settings)
    for name in SOURCE_NAMES:
        yield dg.MaterializeResult(
            source_system_key(name),
            metadata={
                "configured": target.configs.address(name) is not None,
                "kind": str(target.origin["kind"]),
            },
        )


def _target(context: dg.AssetExecutionContext, settings: Settings) -> "LoadTarget":
    """What is loaded; the demo world is written where no source is configured and nothing was loaded
    before.
    """
    from orchestration import origin, pipeline, targets

    made_from = origin.read(settings) or {"kind": "demo"}
    if not settings.sources.is_empty or made_from["kind"] != "demo" or targets.known_world(settings):
        return targets.known_target(settings)
    return targets.load_target(settings, pipeline.demo(settings, PlainProgress(context.log.info)).folder)


def raw_keys(source: str) -> dict[str, dg.AssetKey]:
    """The asset of each raw table of one source, by table."""
    return {table: asset_key(f"raw_{source}", table) for table in (*entities(source), *_KEPT)}


def _specs(source: str) -> Sequence[dg.AssetSpec]:
    contracts = load_contracts(source)
    described = {name: contract.schema.get("description", "") for name, contract in contracts.items()}
    described |= {"event": "One row for each app event, whatever its name."} if source == "app" else {}
    return [
        dg.AssetSpec(
            key,
            deps=[source_system_key(source)],
            group_name=RAW_GROUP,
            description=described.get(table) or _KEPT.get(table),
            kinds={"dlt", "duckdb"},
            owners=OWNERS,
        )
        for table, key in raw_keys(source).items()
    ]


def _checks(source: str) -> Sequence[dg.AssetCheckSpec]:
    audit = raw_keys(source)["load_audit"]
    return [
        # A source that is down must not keep the others' news from the readers, so this one only warns
        # people.
        dg.AssetCheckSpec(
            "source_was_loaded", asset=audit, description="The source could be read to its end."
        ),
        dg.AssetCheckSpec(
            "rows_balance",
            asset=audit,
            blocking=True,
            description="Rows read = loaded + rejected + repeated, for every entity of this load.",
        ),
    ]


def _load(context: dg.AssetExecutionContext, source: str) -> Iterator[Any]:
    from orchestration import pipeline

    with settings_and_lock(context) as settings:
        target = _target(context, settings)
        (report,) = pipeline.load(settings, target, PlainProgress(context.log.info), names=[source])
        if report.status == "failed":
            again(context, report.message)
        rows = _row_counts(settings, source)
    loaded = {entity.entity: entity for entity in report.entities}
    for table, key in raw_keys(source).items():
        yield dg.MaterializeResult(
            key, metadata={"dagster/row_count": rows[table], **_metadata(report, loaded.get(table))}
        )
    yield from _check_results(source, report)


def _row_counts(settings: Settings, source: str) -> dict[str, int]:
    """Rows of each raw table of one source, after the load."""
    import duckdb

    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        tables = [".".join(key.path) for key in raw_keys(source).values()]
        counts = connection.execute(
            "select " + ", ".join(f"(select count(*) from {name})" for name in tables)
        )
        row = counts.fetchone() or ()
    return dict(zip(raw_keys(source), row, strict=True))


def _metadata(report: "SourceReport", entity: Any) -> dict[str, Any]:
    metadata: dict[str, Any] = {"status": report.status}
    if entity is not None:
        metadata |= {
            "read": entity.read,
            "loaded": entity.loaded,
            "rejected": entity.rejected,
            "repeated": entity.repeated,
        }
    return metadata


def _check_results(source: str, report: "SourceReport") -> Iterator[dg.AssetCheckResult]:
    audit = raw_keys(source)["load_audit"]
    yield dg.AssetCheckResult(
        asset_key=audit,
        check_name="source_was_loaded",
        passed=report.status != "failed",
        metadata={"status": report.status, "message": report.message or ""},
    )
    off = [one for one in report.entities if one.read != one.loaded + one.rejected + one.repeated]
    sums = {
        name: sum(getattr(one, name) for one in report.entities)
        for name in ("read", "loaded", "rejected", "repeated")
    }
    yield dg.AssetCheckResult(
        asset_key=audit,
        check_name="rows_balance",
        passed=not off,
        metadata={**sums, "entities that do not balance": ", ".join(one.entity for one in off) or "none"},
    )


def _loader(source: str) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"load_{source}",
        description=f"Bring {source} into the raw tables: what is new since the last load.",
        specs=_specs(source),
        check_specs=_checks(source),
        pool=WRITER_POOL,
    )
    def load(context: dg.AssetExecutionContext) -> Iterator[Any]:
        yield from _load(context, source)

    return load


loaders = [_loader(source) for source in SOURCE_NAMES]

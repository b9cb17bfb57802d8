"""The verb ``identity evaluate``: OneID on anyone's records, held against a truth."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import count, seconds, show, show_json, show_table
from orchestration.cli.options import AsJson
from orchestration.progress import progress

if TYPE_CHECKING:
    from orchestration.identity_evaluation.report import EvaluationReport

app = typer.Typer()


@app.command()
def evaluate(
    records: Annotated[
        Path,
        typer.Argument(
            metavar="RECORDS", help="CSV or Parquet: record_id and any of the columns named in docs."
        ),
    ],
    *,
    truth: Annotated[Path, typer.Option(help="CSV or Parquet: record_id, person_id.")],
    labels: Annotated[
        Path | None,
        typer.Option(help="Judged pairs to learn from: left_record_id, right_record_id, is_match."),
    ] = None,
    clusters: Annotated[
        Path | None, typer.Option(help="Write record_id and one_id here (CSV, or Parquet by its ending).")
    ] = None,
    rules_only: Annotated[
        bool, typer.Option("--rules-only", help="Without scored pairs: what the rules find by themselves.")
    ] = False,
    scratch: Annotated[
        Path | None, typer.Option(help="Keep the scratch warehouse in this empty folder, for a look inside.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Resolve anyone's records with the warehouse's own models and score the people against a truth.

    Nothing is configured by hand: what is compared follows from the columns and the data. Known columns:
    source, full_name, given_name, family_name, birth_date, gender, email, phone, street, city, region,
    postal_code, national_id, device_id, vin, crm_id, app_user_id, organisation.
    """
    from orchestration.identity_evaluation.run import evaluate_file

    with progress() as shown:
        report = evaluate_file(
            records,
            truth,
            labels,
            rules_only=rules_only,
            clusters=clusters,
            scratch=scratch,
            progress=shown,
        )
    if as_json:
        show_json(report.as_json())
    else:
        _show(report)


def _show(report: "EvaluationReport") -> None:
    found = report.evaluation
    kinds = (("pairs", found.pairs), ("B-cubed", found.bcubed), ("exact clusters", found.exact))
    rows = [
        [name, f"{score.precision:.4f}", f"{score.recall:.4f}", f"{score.f1:.4f}"] for name, score in kinds
    ]
    show_table(("", "precision", "recall", "F1"), rows, numbers=(1, 2, 3))
    show(
        f"{count(found.records)} records of {count(found.people)} people were put into "
        f"{count(found.clusters)} clusters, the largest of {count(found.largest_cluster)} records "
        f"(largest person: {count(found.largest_person)})."
    )
    show(
        f"{count(found.over_merged)} clusters hold more than one person: "
        f"{found.over_merged_share:.2%} of those with several records."
    )
    steps = ", ".join(f"{name} {seconds(value)}" for name, value in report.seconds.items())
    show(
        f"{seconds(report.total_seconds)} ({steps}), peak memory {report.peak_bytes / 2**30:.2f} GiB"
        + (f", {count(report.labels)} labels." if report.labels else ", no labels.")
    )
    for note in report.notes:
        show(note)

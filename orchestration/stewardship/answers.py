"""Answers of the review on their way into the warehouse, where dbt reads them: copied before each build."""

from orchestration.settings import Settings

_TABLE = "raw_identity.review_answer"
_COLUMNS = (
    "answer_id",
    "record_key_a",
    "record_key_b",
    "answer",
    "answered_by",
    "answered_at",
    "answered_in",
)


def bring_answers(settings: Settings) -> int:
    """Write every answer to `raw_identity.review_answer`; return how many there are.

    The caller holds the writer's lock. Without a store of answers nothing is opened and nothing changes.
    """
    if not settings.state_file.exists():
        return 0
    import duckdb
    import pyarrow as pa

    from serving.state import state

    with state(settings.state_file) as store:
        found = store.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM review_answer ORDER BY answer_id"
        ).fetchall()
    kinds = {"answer_id": pa.int64()}
    rows = pa.table(
        {name: pa.array([row[name] for row in found], kinds.get(name, pa.string())) for name in _COLUMNS}
    )
    with duckdb.connect(str(settings.warehouse)) as warehouse:
        warehouse.execute("CREATE SCHEMA IF NOT EXISTS raw_identity")
        warehouse.register("answers", rows)
        warehouse.execute(
            f"CREATE OR REPLACE TABLE {_TABLE} AS "
            "SELECT * REPLACE (answered_at::TIMESTAMPTZ AS answered_at) FROM answers"
        )
    return len(found)

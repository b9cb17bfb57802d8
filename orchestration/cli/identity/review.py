"""`forecourt identity review`: two records side by side, one key for an answer, kept at once."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import count, say, seconds, show, show_json, show_table
from orchestration.cli.options import AsJson, DataDir
from orchestration.errors import ForecourtError
from orchestration.settings import Settings, load_settings

if TYPE_CHECKING:
    from serving.identity_review import FieldComparison, ReviewPair, Said

app = typer.Typer()
# From as many judged pairs the match model learns (identity/matching).
_ENOUGH = 200
_MARKS = {"same": "=", "similar": "~", "different": "x", "missing": " "}
_CAUSES = {
    "near_the_cut": "the score is close to even",
    "contradiction": "evidence joins them and other evidence keeps them apart",
    "only_tie": "one weak tie joins them",
}
_KEYS = "[y] one person   [n] two persons   [s] skip   [u] undo the last   [q] stop"


@app.command()
def review(
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show the values, not their masks; each pair is audited.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option("--reason", help="Why values are shown (with --reveal).")
    ] = None,
    export: Annotated[
        Path | None, typer.Option("--export", help="Write every judged pair to this CSV file instead.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who judges (else git's user).")] = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Judge the pairs whose answer would teach most. Each answer is kept at once; stop whenever you like."""
    from orchestration.stewardship.log import current_user
    from serving.identity_review import comparisons, judged_count, review_pairs, waiting
    from serving.store import Store

    settings = load_settings(data_dir=data_dir)
    if export is not None:
        show(f"Wrote {count(_export(settings, export))} judged pairs to {export}.")
        return
    if reveal and not reason:
        raise ForecourtError("Values are shown only with a reason: add --reason TEXT.")
    snapshot = Store(settings.snapshots_dir).snapshot()
    pairs = waiting(review_pairs(snapshot), settings.state_file)
    if as_json:
        show_json({"waiting": pairs, "judged": judged_count(settings.state_file)})
        return
    if not pairs:
        show("No pair waits for a judgement.")
        return
    session = _Session(settings, by or current_user(settings), reason if reveal else None)
    masked = comparisons(snapshot)
    session.run(pairs, {pair.pair_no: masked.get(pair.pair_no, []) for pair in pairs})


class _Session:
    """One sitting: what was judged, and how long it took."""

    def __init__(self, settings: Settings, by: str, reason: str | None) -> None:
        self._settings = settings
        self._by = by
        self._reason = reason
        self._judged: list[ReviewPair] = []
        self._started = time.perf_counter()

    def run(self, pairs: "Sequence[ReviewPair]", fields: "dict[int, list[FieldComparison]]") -> None:
        """Ask until the queue is empty or the person stops."""
        queue = list(pairs)
        show(_KEYS)
        while queue:
            pair = queue[0]
            self._show(pair, fields[pair.pair_no], len(queue))
            key = self._ask()
            if key == "q":
                break
            if key == "u":
                if self._judged:
                    self._answer(self._judged[-1], "unsure")
                    queue.insert(0, self._judged.pop())
                else:
                    say("Nothing was judged in this sitting yet.")
                continue
            queue.pop(0)
            if key == "s":
                continue
            self._answer(pair, "same" if key == "y" else "different")
            self._judged.append(pair)
        self._summary()

    def _show(self, pair: "ReviewPair", fields: "Sequence[FieldComparison]", left: int) -> None:
        weight = "" if pair.match_weight is None else f", {pair.match_weight:+.1f} bits"
        today = "one person" if pair.is_one_person else "two persons"
        took = seconds(time.perf_counter() - self._started)
        show(
            f"\n{count(left)} wait, {count(len(self._judged))} judged in {took}. "
            f"Now {today} ({count(pair.record_cnt)} records): "
            f"{_CAUSES.get(pair.cause, pair.cause)}{weight}. Tied by {pair.rules or 'nothing'}."
        )
        values = self._values(pair, fields)
        rows = [[one.field.replace("_", " "), a, _MARKS[one.agreement], b] for one, (a, b) in values]
        show_table(["", pair.record_key_a, "", pair.record_key_b], rows)

    def _values(
        self, pair: "ReviewPair", fields: "Sequence[FieldComparison]"
    ) -> "list[tuple[FieldComparison, tuple[str, str]]]":
        """Masked values, or the records' own, audited, where the person gave a reason."""
        if self._reason is None:
            return [(one, (one.masked_a or "", one.masked_b or "")) for one in fields]
        from orchestration.stewardship.reveal import revealed_records

        keys = [pair.record_key_a, pair.record_key_b]
        a, b = revealed_records(self._settings, keys, by=self._by, reason=self._reason)
        return [(one, (a.get(one.field, ""), b.get(one.field, ""))) for one in fields]

    def _ask(self) -> str:
        while True:
            try:
                key = input("> ").strip().lower()[:1]
            except EOFError:
                return "q"
            if key in {"y", "n", "s", "u", "q"}:
                return key
            say(_KEYS)

    def _answer(self, pair: "ReviewPair", said: "Said") -> None:
        from serving.identity_review import answer

        answer(self._settings.state_file, pair.key, said, by=self._by, where="terminal")

    def _summary(self) -> None:
        from serving.identity_review import judged_count

        took, here = time.perf_counter() - self._started, len(self._judged)
        each = f", {seconds(took / here)} each" if here else ""
        total = judged_count(self._settings.state_file)
        missing = "" if total >= _ENOUGH else f" From {_ENOUGH} on the match model learns from them."
        show(f"\nJudged {count(here)} pairs in {seconds(took)}{each}; {count(total)} in all.{missing}")
        if here:
            show("They take effect at the next refresh (`forecourt refresh`).")


def _export(settings: Settings, file: Path) -> int:
    """Judged pairs in the form of `forecourt identity evaluate --labels`."""
    import csv

    from serving.identity_review import last_answers

    rows = [row for row in last_answers(settings.state_file).values() if row.answer != "unsure"]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["left_record_id", "right_record_id", "is_match", "judged_by", "judged_at"])
        writer.writerows(
            [row.record_key_a, row.record_key_b, row.answer == "same", row.answered_by, row.answered_at]
            for row in rows
        )
    return len(rows)

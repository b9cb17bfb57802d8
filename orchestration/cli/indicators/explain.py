"""The verb ``explain``: everything that is known about a code, from its words to the source columns."""

from typing import TYPE_CHECKING, Annotated

import typer

from orchestration.cli.console import show, show_json
from orchestration.cli.options import AsJson, DataDir
from orchestration.settings import load_settings

if TYPE_CHECKING:
    from orchestration.governance.details import Detail
    from orchestration.governance.state import Known

app = typer.Typer()


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="Any code, e.g. lead_cnt_30d_yoy.")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Explain a code: definition, formula tree, source columns, tests, state, last value, and who uses it."""
    from indicators.dictionary import explain as explain_code
    from indicators.registry import load_registry
    from orchestration.governance.gather import load_details
    from orchestration.governance.state import known
    from serving.errors import SnapshotError

    settings = load_settings(data_dir=data_dir)
    registry = load_registry()
    explanation = explain_code(registry, code)  # first: an unknown code is said before anything is read
    detail = load_details(settings, registry).of(code)
    state, missing = None, ""
    try:
        state = known(settings, registry, code)
    except SnapshotError as error:
        missing = str(error)
    if as_json:
        show_json({"explanation": explanation, "detail": detail, "known": state})
        return
    for line in explanation.lines():
        show(line)
    for title, lines in (
        ("Comes from", _origin_lines(detail)),
        ("Stored in", [f"indicators.{name}" for name in detail.tables]),
        ("Used by", _user_lines(detail)),
        ("State", _state_lines(state) if state else [missing]),
        ("Tests", _test_lines(detail, state)),
    ):
        show(f"{title}:")
        for line in lines:
            show(f"  {line}")


def _origin_lines(detail: "Detail") -> list[str]:
    """For each operand its fact columns, and behind each the source columns."""
    lines = []
    for operand in dict.fromkeys(origin.operand for origin in detail.origins):
        lines.append(f"{operand}")
        for origin in detail.origins:
            if origin.operand == operand:
                sources = ", ".join(origin.sources) or "nothing in the sources"
                lines.append(f"  {origin.column} ({origin.role}) <- {sources}")
                through = " <- ".join(origin.models[1:])
                lines += [f"    through {through}"] if through else []
    return lines


def _user_lines(detail: "Detail") -> list[str]:
    used = detail.used_by
    generated = f"{used.derived_cnt} generated" if used.derived_cnt else ""
    found = {
        "composites": used.composites,
        "named": used.named,
        "derived": (generated,) if generated else (),
        "driver trees": used.driver_trees,
        "serving models": used.models,
        "pages": used.pages,
    }
    return [f"{name}: {', '.join(users)}" for name, users in found.items() if users] or ["nobody yet"]


def _state_lines(state: "Known") -> list[str]:
    lines = [f"{state.base} is {state.sentence}", state.last_good]
    if state.as_of_on:
        loaded = f"{state.loaded_at:%Y-%m-%d %H:%M} UTC" if state.loaded_at else "never"
        lines.append(f"its data reach to {state.as_of_on}; loaded last: {loaded}")
    return [*lines, *state.warnings]


def _test_lines(detail: "Detail", state: "Known | None") -> list[str]:
    if state is None:
        return [f"{len(detail.test_names)} tests on its models, which have not run on it yet"]
    results = {test.test_name: test for test in state.tests}
    gates = {gate.gate: gate for gate in state.gates}
    lines = [f"gate {gate.gate}: {gate.outcome} (else {gate.action})" for gate in gates.values()]
    failed = [test for test in results.values() if test.status != "pass"]
    lines += [f"{test.test_name}: {test.status} ({test.failed_cnt} rows)" for test in failed]
    passed = sum(test.status == "pass" for test in results.values())
    return [*lines, f"{passed} of {len(detail.test_names)} tests on its models passed when they ran last"]

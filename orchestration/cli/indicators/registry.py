"""The verbs over the registry itself: check, compile, list."""

from typing import Annotated

import typer

from orchestration.cli.console import count, say, show, show_json, show_table
from orchestration.cli.options import AsJson
from orchestration.errors import ForecourtError
from orchestration.settings import load_settings

app = typer.Typer()


@app.command()
def check(
    as_json: AsJson = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules instead of checking.")] = False,
) -> None:
    """Check the registry by every rule of the method; exit 1 where a rule is broken."""
    from indicators.check import check_folder
    from indicators.rules.base import RULES

    if rules:
        listed = [
            {"rule": code, "demands": RULES[code].meaning, "repair": RULES[code].repair}
            for code in sorted(RULES)
        ]
        if as_json:
            show_json(listed)
        else:
            show_table(["rule", "demands"], [[row["rule"], row["demands"]] for row in listed])
        return
    findings = check_folder()
    if as_json:
        show_json(findings)
    for finding in () if as_json else findings:
        say(str(finding))
    if findings:
        say(f"{count(len(findings))} finding(s) in indicators/registry.")
        raise typer.Exit(1)
    if not as_json:
        show("The registry keeps every rule.")


@app.command("compile")
def compile_(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where a file differs.")] = False,
) -> None:
    """Write the dbt models that follow from the registry."""
    from indicators import compile as compiler
    from indicators.registry import load_registry

    registry, project = load_registry(), load_settings().dbt_project_dir
    if not check:
        written = compiler.write(registry, project)
        for difference in written:
            show(f"{difference.kind}: {difference.path}")
        total = count(len(compiler.compile_registry(registry)))
        show(f"{total} files follow from the registry, {len(written)} written.")
        return
    differences = compiler.check(registry, project)
    for difference in differences:
        say(str(difference))
    if differences:
        say("The compiled models differ from the registry: run `forecourt indicators compile` and commit.")
        raise typer.Exit(1)
    show("The compiled models equal the registry.")


@app.command("list")
def list_(
    stage: Annotated[str | None, typer.Option(help="Only this stage, e.g. activation.")] = None,
    process: Annotated[str | None, typer.Option(help="Only this business process, e.g. lead.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every indicator that was written, with its unit and definition."""
    from indicators.dictionary import catalogue
    from indicators.registry import load_registry

    registry = load_registry()
    for option, name, known in (
        ("--stage", stage, registry.standard.stages),
        ("--process", process, registry.processes),
    ):
        if name is not None and name not in known:
            raise ForecourtError(f"{option} {name} is none of: {', '.join(sorted(known))}.")
    rows = [
        row
        for row in catalogue(registry)
        if stage in (None, row["stage"]) and process in (None, row["process"])
    ]
    if as_json:
        show_json(rows)
        return
    columns = ("indicator_id", "code", "name_en", "name_zh", "unit", "additivity", "definition")
    show_table(columns, [[str(row[name]) for name in columns] for row in rows])
    generated = sum(row["derived_cnt"] for row in rows)
    show(f"{count(len(rows))} indicators, {count(generated)} derived from them.")

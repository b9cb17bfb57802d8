"""The verb ``release``: what stands under which version, with the decision behind every change."""

from typing import Annotated

import typer

from orchestration.cli.console import count, say, show
from orchestration.settings import REPOSITORY

app = typer.Typer()


@app.command()
def release(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail where something is not released.")
    ] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Write a template for each decision file that is missing.")
    ] = False,
) -> None:
    """Release certified definitions: write registry/_released.yml; demand a decision for each change."""
    from indicators import release as releases
    from indicators.loading import REGISTRY_FOLDER, RELEASED_FILE
    from indicators.registry import load_registry

    registry, folder = load_registry(), REPOSITORY / releases.FOLDER
    changed = releases.changes(registry, folder)
    if draft:
        for change in changed:
            if change.needs_decision and not change.file.exists():
                change.file.parent.mkdir(parents=True, exist_ok=True)
                change.file.write_text(releases.template(registry, change), encoding="utf-8")
                show(f"written: {change.file.relative_to(REPOSITORY)}: fill it in, then release")
    problems = releases.problems(registry, folder)
    for problem in problems:
        say(problem.replace(f"{REPOSITORY}/", ""))
    if problems:
        say(f"{count(len(problems))} thing(s) stand in the way; nothing was released.")
        raise typer.Exit(1)
    file, text = REGISTRY_FOLDER / RELEASED_FILE, releases.released_text(registry)
    is_new = not file.exists() or file.read_text(encoding="utf-8") != text
    if check and is_new:
        say(f"{count(len(changed))} change(s) are not released: run `forecourt indicators release`.")
        raise typer.Exit(1)
    if is_new and not check:
        file.write_text(text, encoding="utf-8")
    for change in changed:
        was = f"version {change.was.version}" if change.was else "new"
        show(f"{change.code}: {was} -> version {change.version}")
    total = count(len(releases.released(registry)))
    show(f"{total} certified indicators and modifiers are released, {len(changed)} changed.")

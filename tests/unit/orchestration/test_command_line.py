import contextlib
import signal
import subprocess
import sys

import pytest
import typer

from orchestration.cli import app
from orchestration.errors import ForecourtError, explain_os_error
from orchestration.interrupt import remember_interrupts

VERBS = (
    "demo",
    "load",
    "build",
    "publish",
    "run",
    "refresh",
    "query",
    "real",
    "doctor",
    "indicators",
    "rejected",
)


def names(typer_app: typer.Typer) -> set[str]:
    command = typer.main.get_command(typer_app)
    return set(command.commands)


def test_every_verb_of_the_design_is_there():
    assert set(VERBS) <= names(app)


def test_help_imports_nothing_heavy():
    code = (
        "import sys, orchestration.cli\n"
        "heavy = {'duckdb', 'dbt', 'dlt', 'dagster', 'pyarrow', 'numpy', 'streamlit'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_friendly_failure_is_one_sentence_on_standard_error(forecourt):
    done = forecourt("build")
    assert done.returncode == 1
    assert "There is no warehouse at" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_an_unknown_option_exits_with_two(forecourt):
    assert forecourt("run", "--no-such-option").returncode == 2


def test_an_unknown_scale_and_an_unknown_source_are_named(forecourt):
    assert "no scale huge" in forecourt("run", "--scale", "huge").stderr
    assert "no source dms" in forecourt("load", "dms").stderr


def test_an_interrupt_is_remembered_though_a_library_catches_it():
    with remember_interrupts() as was_interrupted:
        assert not was_interrupted()
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert was_interrupted()


@pytest.mark.parametrize("text", ["No space left on device", "File too large"])
def test_a_full_disk_is_recognised_wherever_it_stands_in_the_chain(text):
    error = RuntimeError("wrapped")
    error.__cause__ = OSError(text)
    assert "disk is full" in explain_os_error(error)
    assert explain_os_error(ForecourtError("something else")) is None

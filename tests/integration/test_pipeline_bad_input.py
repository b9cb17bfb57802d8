"""What goes wrong around `forecourt run`: each gives a clear message and loses nothing."""

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.lock import writer_lock
from serving.snapshot import current
from serving.store import Store

FORECOURT = Path(sys.executable).with_name("forecourt")
# Patterns of messages; the last is a build that has got some way.
MOMENTS = ["Demo world of scale tiny", "crm: reading", "Loading app", "Building models", r"^  \d+ of \d{3}"]


def start(data_dir: Path, *arguments: str, **env: str) -> subprocess.Popen:
    """The command line in a process of its own whose messages can be read while it works."""
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "FORECOURT_DATA_DIR": str(data_dir), **env}
    pipe = subprocess.PIPE
    command = [str(FORECOURT), *arguments]
    return subprocess.Popen(
        command, env=environment, cwd=data_dir.parent, stdout=pipe, stderr=pipe, text=True
    )


def interrupt_at(process: subprocess.Popen, moment: str, number: int = signal.SIGINT) -> tuple[int, str]:
    """Send the signal when a line like `moment` is printed; the exit code and what was said afterwards."""
    seen = any(re.search(moment, line) for line in process.stderr)
    assert seen, f"it never said {moment!r}"
    process.send_signal(number)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def limit_file_size(megabytes: float):
    """For a child process: no file grows beyond so many megabytes, as on a full disk."""
    size = int(megabytes * 1_000_000)
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def version(data_dir: Path) -> int:
    return current(data_dir / "snapshots").version


@pytest.fixture
def built(tiny, tmp_path):
    """A copy of the tiny world's data folder, to be written to."""
    return tiny.copy(tmp_path)


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory):
    """A run stopped at every moment in turn, then two at once: data folder, stops, the two at the end."""
    data_dir = tmp_path_factory.mktemp("disturbed") / "data"
    stops = []
    for moment in MOMENTS:
        code, said = interrupt_at(start(data_dir, "run", "--scale", "tiny"), moment)
        stops.append((moment, code, said, current(data_dir / "snapshots")))
    runs = [start(data_dir, "run", "--scale", "tiny") for _ in range(2)]
    said = [run.communicate(timeout=600) for run in runs]
    return data_dir, stops, [(run.returncode, *words) for run, words in zip(runs, said, strict=True)]


def test_a_run_says_in_one_line_that_it_was_stopped_whenever_that_is(disturbed):
    for moment, code, said, snapshot in disturbed[1]:
        assert code == 130, f"at {moment!r}: {said}"
        assert said.count("Stopped. Nothing is lost") == 1
        assert "Traceback" not in said
        assert snapshot is None


def test_of_two_runs_at_once_one_works_and_one_says_so(disturbed):
    _, _, runs = disturbed
    (_, refused_output, refused), (_, output, _) = sorted(runs, key=lambda run: -run[0])
    assert sorted(code for code, *_ in runs) == [0, 1]
    assert "one writer at a time is allowed" in refused
    assert refused_output == ""
    assert "Published snapshot 1" in output


def test_a_run_that_was_stopped_again_and_again_ends_as_an_undisturbed_one(disturbed, tiny, differing_facts):
    assert differing_facts(disturbed[0] / "warehouse.duckdb", tiny.warehouse) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_publish_that_was_stopped_leaves_the_last_snapshot_current(built, number):
    code, _ = interrupt_at(start(built.data_dir, "publish"), "Publishing", number)
    assert code in (130, -signal.SIGKILL)
    assert version(built.data_dir) == 1
    assert Store(built.snapshots_dir).query("select count(*) as n from serving.srv_dealer").to_pylist() == [
        {"n": 6}
    ]
    again = start(built.data_dir, "publish")
    again.communicate(timeout=120)
    assert again.returncode == 0
    assert version(built.data_dir) == 2


def test_a_second_run_is_told_who_runs_already(built, run_forecourt):
    with writer_lock(built.data_dir, "forecourt run"):
        done = run_forecourt(built.data_dir, "run", "--scale", "tiny")
    assert done.returncode == 1
    assert f"'forecourt run' (process {os.getpid()}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_writer_that_was_killed_does_not_block_the_next(built):
    process = start(built.data_dir, "build")
    code, _ = interrupt_at(process, "Building models", signal.SIGKILL)
    assert code == -signal.SIGKILL
    again = start(built.data_dir, "publish")
    _, messages = again.communicate(timeout=120)
    assert again.returncode == 0, messages


def test_a_full_disk_at_publishing_is_one_sentence_and_the_last_snapshot_stays(built, run_forecourt):
    done = run_forecourt(built.data_dir, "publish", preexec_fn=limit_file_size(0.5))
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert version(built.data_dir) == 1
    assert list(built.snapshots_dir.glob(".building*")) == []
    assert run_forecourt(built.data_dir, "publish").returncode == 0


def test_a_full_disk_at_loading_is_one_sentence(tiny, tmp_path, run_forecourt):
    data_dir = tmp_path / "data"
    shutil.copytree(tiny.world, data_dir / "demo" / "tiny")
    done = run_forecourt(data_dir, "run", "--scale", "tiny", preexec_fn=limit_file_size(1))
    assert done.returncode == 1
    assert "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert current(data_dir / "snapshots") is None


def sources(world: Path) -> dict[str, str]:
    """Settings that name a world's files as configured sources."""
    return {
        "FORECOURT_SOURCES__CRM_URL": f"sqlite:///{world}/crm.sqlite",
        "FORECOURT_SOURCES__SERVICE_URL": f"sqlite:///{world}/service.sqlite",
        "FORECOURT_SOURCES__APP_FILES": str(world / "app"),
        "FORECOURT_SOURCES__MARKETING_FILES": str(world / "marketing"),
        "FORECOURT_SOURCES__MARKET_FILES": str(world / "market"),
    }


def loaded(done: subprocess.CompletedProcess) -> dict[str, str]:
    return {report["source"]: report["status"] for report in json.loads(done.stdout)}


def test_a_missing_source_is_named_and_the_others_are_loaded(tiny, forecourt, tmp_path):
    env = sources(tiny.world) | {"FORECOURT_SOURCES__CRM_URL": f"sqlite:///{tmp_path}/gone.sqlite"}
    done = forecourt("load", "--json", env=env)
    assert done.returncode == 1
    assert loaded(done) == {
        "crm": "failed", "service": "ok", "app": "ok", "marketing": "ok", "market": "ok",
    }  # fmt: skip
    assert "gone.sqlite" in done.stderr
    mended = forecourt("load", "crm", "--json", env=sources(tiny.world))
    assert mended.returncode == 0
    with duckdb.connect(str(tmp_path / "data" / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from raw_crm.lead").fetchone()[0] > 1_000


def test_a_truncated_database_is_named_and_the_others_are_loaded(tiny, forecourt, tmp_path):
    broken = tmp_path / "service.sqlite"
    broken.write_bytes((tiny.world / "service.sqlite").read_bytes()[:20_000])
    env = sources(tiny.world) | {"FORECOURT_SOURCES__SERVICE_URL": f"sqlite:///{broken}"}
    done = forecourt("load", "--json", env=env)
    assert done.returncode == 1
    assert loaded(done)["service"] == "failed"
    assert loaded(done)["crm"] == "ok"
    assert "service.sqlite" in done.stderr


def test_a_model_or_test_that_breaks_is_named_and_nothing_is_published(built, run_forecourt, tmp_path):
    project = tmp_path / "dbt_project"
    (project / "tests").mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: broken\nprofile: forecourt\n")
    (project / "tests" / "no_lead_is_lost.sql").write_text("select 1 as lost")
    shutil.copy(Path(__file__).parents[2] / "dbt_project" / "profiles.yml", project)
    env = {"FORECOURT_DBT_PROJECT_DIR": str(project)}
    done = run_forecourt(built.data_dir, "run", "--scale", "tiny", env=env)
    assert done.returncode == 1
    assert "test no_lead_is_lost (tests/no_lead_is_lost.sql)" in done.stderr
    assert "dbt.log" in done.stderr
    assert version(built.data_dir) == 1

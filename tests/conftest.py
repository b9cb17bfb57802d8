"""Fixtures that every test may use: the command line, one built tiny world for the session, what a test
needs.

The built worlds are made once for each session, whatever number of processes runs it, and are not to be
written to: a test that changes something copies first (`built.copy(tmp_path)`).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

REPOSITORY = Path(__file__).resolve().parent.parent
FORECOURT = Path(sys.executable).with_name("forecourt")
# A test that needs a Debian package says so with its marker; CI installs them and lets nothing skip.
PROGRAMS = {"browser": ("chromium",), "postgres": ("pg_ctl", "initdb"), "mariadb": ("mariadbd",)}


def _found(program: str) -> bool:
    return bool(shutil.which(program) or list(Path("/usr/lib/postgresql").glob(f"*/bin/{program}")))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, programs in PROGRAMS.items():
        missing = [program for program in programs if not _found(program)]
        if item.get_closest_marker(marker) and missing:
            reason = f"needs {', '.join(missing)} (a Debian package)"
            if os.environ.get("FORECOURT_NO_SKIP"):
                pytest.fail(f"{reason}, and nothing may skip for that here")
            pytest.skip(reason)


@dataclass(frozen=True)
class Built:
    """A data folder after `forecourt run`."""

    data_dir: Path
    scale: str

    @property
    def said(self) -> str:
        """What `forecourt run` printed."""
        return (self.data_dir.parent / "said.txt").read_text()

    @property
    def warehouse(self) -> Path:
        return self.data_dir / "warehouse.duckdb"

    @property
    def snapshots_dir(self) -> Path:
        return self.data_dir / "snapshots"

    @property
    def world(self) -> Path:
        return self.data_dir / "demo" / self.scale

    @property
    def truth(self) -> Path:
        return self.world / "truth"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The warehouse, read-only, with the truth beside it as views: `truth_event`, `truth_person` ..."""
        connection = duckdb.connect()
        connection.execute(f"attach '{self.warehouse}' as warehouse (read_only)")
        for file in self.truth.glob("*.parquet"):
            connection.execute(f"create view truth_{file.stem} as from '{file}'")
        connection.execute("set search_path = 'warehouse,memory'")
        connection.execute("set timezone = 'UTC'")
        return connection

    def copy(self, folder: Path) -> "Built":
        """The same in another folder, for a test that writes. The writer's lock stays behind."""
        shutil.copytree(self.data_dir, folder / "data", ignore=shutil.ignore_patterns("writer.*"))
        return Built(folder / "data", self.scale)


def facts_that_differ(left: Path, right: Path) -> list[str]:
    """Names of the facts whose rows differ between two warehouses, whatever people's ids are called."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{left}' as l (read_only); attach '{right}' as r (read_only)")
        facts = connection.execute(
            """
            select table_name, string_agg(column_name, ', ') from duckdb_columns()
            where database_name = 'l' and schema_name = 'core' and starts_with(table_name, 'fct_')
                and table_name not in (  -- what is told of loads and builds differs with them
                    'fct_load', 'fct_rejected_row', 'fct_identity_build', 'fct_identity_day',
                    'fct_indicator_value', 'fct_test_result'
                )
                and not ends_with(column_name, 'one_id')
                and column_name <> 'load_id'  -- named after the time of the load
            group by table_name order by table_name
            """
        ).fetchall()
        assert len(facts) > 20
        both = "(from {0} except all from {1}) union all (from {1} except all from {0})"
        wrong = []
        for name, columns in facts:
            one, other = (f"(select {columns} from {alias}.core.{name})" for alias in "lr")
            if connection.execute(both.format(one, other)).fetchone():
                wrong.append(name)
        return wrong


Command = Callable[..., subprocess.CompletedProcess]


def _run_forecourt(data_dir: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    """Run the command line in a process of its own; `env` adds variables, `cwd` is the data folder's
    parent.
    """
    variables = {name: value for name, value in os.environ.items() if not name.startswith("FORECOURT_")}
    env = {**variables, "FORECOURT_DATA_DIR": str(data_dir), "DO_NOT_TRACK": "1", **options.pop("env", {})}
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    command = [str(FORECOURT), *map(str, arguments)]
    return subprocess.run(
        command, env=env, cwd=data_dir.parent, text=True, capture_output=True, check=False, **options
    )


@pytest.fixture(scope="session")
def differing_facts() -> Callable[[Path, Path], list[str]]:
    """`differing_facts(warehouse, other)`: names of the facts that do not hold the same rows."""
    return facts_that_differ


@pytest.fixture(scope="session")
def run_forecourt() -> Command:
    """`run_forecourt(data_dir, *arguments, env={...})`: the command line on any data folder."""
    return _run_forecourt


@pytest.fixture
def forecourt(tmp_path: Path) -> Command:
    """`forecourt(*arguments, env={...})` on a data folder of this test's own: `tmp_path / "data"`."""

    def run(*arguments: str, **options) -> subprocess.CompletedProcess:
        return _run_forecourt(tmp_path / "data", *arguments, **options)

    return run


def _build_once(factory: pytest.TempPathFactory, worker: str, scale: str) -> Built:
    shared = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    data_dir, done = shared / f"built-{scale}" / "data", shared / f"built-{scale}" / "said.txt"
    with FileLock(shared / f"built-{scale}.lock"):
        if not done.exists():
            ran = _run_forecourt(data_dir, "run", "--scale", scale)
            assert ran.returncode == 0, f"forecourt run --scale {scale} failed:\n{ran.stdout}\n{ran.stderr}"
            done.write_text(ran.stdout)
    return Built(data_dir, scale)


@pytest.fixture(scope="session")
def worker() -> str:
    """Name of this process of pytest-xdist; `master` where there is one process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "master")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Built:
    """The tiny demo world, loaded, built and published. Not to be written to."""
    return _build_once(tmp_path_factory, worker, "tiny")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Built:
    """The demo world (50 thousand people, 120 dealers), loaded, built and published. Not to be written to."""
    return _build_once(tmp_path_factory, worker, "demo")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of the public data sets (FORECOURT_REAL_DATA, else ../shared/data); skips where there is
    none.
    """
    folder = Path(os.environ.get("FORECOURT_REAL_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (folder / "market" / "registrations.csv").is_file():
        pytest.skip(f"the public data sets are not in {folder} (set FORECOURT_REAL_DATA)")
    return folder


@pytest.fixture
def warehouse(tiny: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to the tiny world's warehouse, with the truth beside it."""
    with tiny.connect() as connection:
        yield connection

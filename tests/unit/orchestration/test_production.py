"""The example of a production layout starts what is installed, with settings that Dagster takes."""

import configparser
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

ORCHESTRATION = Path(__file__).resolve().parents[3] / "orchestration"
PRODUCTION = ORCHESTRATION / "production"
UNITS = sorted(PRODUCTION.glob("*.service"))


def read(unit):
    parsed = configparser.ConfigParser(strict=True, interpolation=None)
    parsed.optionxform = str
    parsed.read(unit)
    return parsed


def test_the_target_wants_every_service():
    wanted = read(PRODUCTION / "forecourt.target")["Unit"]["Wants"].split()
    assert sorted(wanted) == [unit.name for unit in UNITS]
    readme = (PRODUCTION / "README.md").read_text()
    assert [unit.name for unit in UNITS if f"`{unit.name}`" not in readme] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_each_service_starts_a_program_of_this_environment_with_options_that_it_has(unit):
    service = read(unit)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    here = Path(sys.executable).with_name(Path(program).name)
    assert here.exists()
    words = [word for word in arguments if not word.startswith("-")]
    subcommand = words[:1] if here.name in ("forecourt", "dagster-daemon") else []
    module = arguments[:2] if here.name == "python" else []
    done = subprocess.run(
        [here, *module, *subcommand, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "200"},
    )
    options = [word for word in arguments[len(module) :] if word.startswith("--")]
    assert [option for option in options if option not in done.stdout] == []
    assert service["EnvironmentFile"] == "/etc/forecourt/forecourt.env"
    assert service["Restart"] == "always"
    assert service["UMask"] == "0027"  # what people sent is read by nobody else on the machine


@pytest.mark.parametrize("folder", [ORCHESTRATION, PRODUCTION], ids=["dev", "production"])
def test_dagster_takes_the_settings(folder, tmp_path):
    shutil.copy(folder / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.run_retries_enabled
        assert instance.run_monitoring_enabled
        assert not instance.telemetry_enabled
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 4


def test_both_instances_have_one_writer_and_no_telemetry():
    dev, production = (
        yaml.safe_load((folder / "dagster.yaml").read_text()) for folder in (ORCHESTRATION, PRODUCTION)
    )
    assert dev["concurrency"]["pools"] == production["concurrency"]["pools"]
    for name in ("telemetry", "nux", "run_retries"):
        assert dev[name] == production[name]

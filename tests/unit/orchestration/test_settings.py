from datetime import date
from pathlib import Path

import pytest

from ingestion.collector.settings import CollectorSettings
from orchestration.errors import ForecourtError
from orchestration.settings import SETTINGS_FILE, Settings, load_settings


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("FORECOURT_DATA_DIR", "FORECOURT_SOURCES__CRM_URL", "FORECOURT_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_defaults_are_a_data_folder_here_and_no_source(working_folder):
    settings = load_settings()
    assert settings.data_dir == working_folder / "data"
    assert settings.sources.is_empty
    assert settings.warehouse == working_folder / "data" / "warehouse.duckdb"


def test_the_file_is_read_and_the_environment_wins_over_it(monkeypatch):
    SETTINGS_FILE.write_text(
        'data_dir = "elsewhere"\n[sources]\ncrm_url = "sqlite:///a.sqlite"\n[demo]\nas_of = 2026-01-31\n'
    )
    assert load_settings().data_dir.name == "elsewhere"
    assert load_settings().demo.as_of == date(2026, 1, 31)
    monkeypatch.setenv("FORECOURT_SOURCES__CRM_URL", "sqlite:///b.sqlite")
    assert load_settings().source_configs().crm_url == "sqlite:///b.sqlite"


def test_a_secret_is_filled_in_when_it_is_used_and_not_before(monkeypatch):
    SETTINGS_FILE.write_text('[sources]\ncrm_url = "postgresql+psycopg://me:${CRM_PASSWORD}@db/crm"\n')
    settings = load_settings()
    assert "${CRM_PASSWORD}" in str(settings.sources.crm_url)
    with pytest.raises(ForecourtError, match="CRM_PASSWORD is not set"):
        settings.source_configs()
    monkeypatch.setenv("CRM_PASSWORD", "geheim")
    assert settings.source_configs().crm_url == "postgresql+psycopg://me:geheim@db/crm"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("data_directory = 'x'", "There is no setting data_directory"),
        ("[sources]\ncrm = 'x'", "There is no setting sources.crm"),
        ("keep_snapshots = 0", "keep_snapshots is wrong: input should be greater than or equal to 1"),
        ("[demo]\nscale = 'huge'", "FORECOURT_DEMO__SCALE"),
        ("this is not toml", "could not be read from forecourt.toml"),
    ],
)
def test_a_wrong_setting_fails_with_one_sentence_that_names_it(text, said):
    SETTINGS_FILE.write_text(text)
    with pytest.raises(ForecourtError) as failure:
        load_settings()
    assert said in str(failure.value)
    assert "\n" not in str(failure.value)


def test_the_example_file_names_every_setting_and_is_accepted(working_folder):
    example = (Path(__file__).parents[3] / "forecourt.example.toml").read_text()
    active = "\n".join(line.removeprefix("# ") if " = " in line else line for line in example.splitlines())
    SETTINGS_FILE.write_text(active)
    load_settings()
    for name, field in Settings.model_fields.items():
        model = CollectorSettings if name == "collector" else field.annotation
        nested = getattr(model, "model_fields", {name: field})
        missing = [inner for inner in nested if f"{inner} = " not in example]
        assert missing in ([], ["dbt_project_dir"])


def test_the_collectors_secrets_are_filled_in_and_nobody_may_send_unless_told(monkeypatch):
    with pytest.raises(ForecourtError, match="nobody may send"):
        load_settings().collector_settings()
    SETTINGS_FILE.write_text(
        '[collector]\nport = 9000\nwrite_keys = { "${KEY}" = "app" }\nclients = { portal = "${SECRET}" }\n'
        'token_secret = "${SECRET}"\n'
    )
    with pytest.raises(ForecourtError, match="KEY is not set"):
        load_settings().collector_settings()
    monkeypatch.setenv("KEY", "wk_1")
    monkeypatch.setenv("SECRET", "x" * 32)
    collector = load_settings().collector_settings(port=None, workers=2)
    assert (collector.port, collector.workers, collector.write_keys) == (9000, 2, {"wk_1": "app"})
    assert collector.clients["portal"].get_secret_value() == "x" * 32
    with pytest.raises(ForecourtError, match=r"collector\.port is wrong"):
        load_settings().collector_settings(port=70000)

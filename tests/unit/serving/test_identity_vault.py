"""Identifying values: sealed beside the snapshot, one person at a time, never without an audit row."""

import base64
import sqlite3

import duckdb
import pytest

from serving import identity_file, layout
from serving.errors import IdentityKeyMissing, NoSnapshot, RevealRefused, SnapshotBroken, StateUnavailable
from serving.identity_key import IdentityKey, ensure_key, read_key, write_key
from serving.identity_vault import IdentityVault, reveals
from serving.settings import ReaderSettings
from serving.snapshot import publish

WHO = {"by": "a.keller", "reason": "calls back about an order", "where": "test"}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("FORECOURT_IDENTITY_KEY", raising=False)
    return ReaderSettings(data_dir=tmp_path)


@pytest.fixture
def published(warehouse, settings):
    return publish(warehouse, settings.snapshots_dir, key=ensure_key(settings))


def sealed(report):
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{layout.SnapshotRef(0, report.path).identity_path}' AS v (READ_ONLY)")
        return dict(con.execute("SELECT one_id, sealed FROM v.person").fetchall())


def test_a_person_is_shown_with_source_and_time_and_the_audit_says_so(published, settings):
    shown = IdentityVault(settings).reveal("P0007", ["email", "phone"], **WHO)
    assert shown["email"].value == "anna.meier7@example.org"
    assert (shown["email"].record_key, shown["email"].said_at[:10]) == ("crm.card:K7", "2026-03-01")
    assert shown["phone"].value is None
    (row,) = reveals(settings.state_file)
    assert (row.revealed_by, row.one_id, row.fields, row.reason, row.version) == (
        "a.keller", "P0007", "email,phone", "calls back about an order", 1,
    )  # fmt: skip
    assert published.identities == 100


@pytest.mark.parametrize("change", [{"reason": " "}, {"by": ""}, {"fields": ["iban"]}, {"fields": []}])
def test_nothing_is_shown_without_a_reason_a_name_or_a_known_field(published, settings, change):
    with pytest.raises(RevealRefused):
        IdentityVault(settings).reveal(**{"one_id": "P0007", **WHO, **change})
    assert reveals(settings.state_file) == []


def test_an_attempt_on_an_unknown_person_stays_in_the_audit(published, settings):
    with pytest.raises(RevealRefused, match="no person P9999"):
        IdentityVault(settings).reveal("P9999", **WHO)
    assert [row.one_id for row in reveals(settings.state_file)] == ["P9999"]


def test_nothing_is_shown_when_the_audit_cannot_be_written(published, settings):
    settings.state_file.parent.mkdir()
    settings.state_file.write_bytes(b"this is no database" * 100)
    with pytest.raises(StateUnavailable):
        IdentityVault(settings).reveal("P0007", **WHO)


def test_neither_file_holds_a_readable_value(published, settings):
    for file in settings.snapshots_dir.iterdir():
        assert b"anna.meier" not in file.read_bytes(), file.name


def test_rows_that_did_not_change_are_not_sealed_again(warehouse, published, settings):
    before = sealed(published)
    with duckdb.connect(str(warehouse)) as con:
        con.execute("UPDATE core.dim_customer_identity SET email = 'new@example.org' WHERE one_id = 'P0001'")
        con.execute("DELETE FROM core.dim_customer_identity WHERE one_id = 'P0002'")
    after = sealed(publish(warehouse, settings.snapshots_dir, key=read_key(settings)))
    assert before.keys() - after.keys() == {"P0002"}
    assert {one_id for one_id in after if after[one_id] != before[one_id]} == {"P0001"}
    assert IdentityVault(settings).reveal("P0001", ["email"], **WHO)["email"].value == "new@example.org"


def test_a_new_key_seals_everything_anew_and_the_old_one_opens_nothing(warehouse, published, settings):
    old, new = read_key(settings), write_key(settings.identity_key_path)
    with pytest.raises(IdentityKeyMissing, match="another key"):
        IdentityVault(settings).reveal("P0007", **WHO)
    report = publish(warehouse, settings.snapshots_dir, key=new)
    file = layout.SnapshotRef(0, report.path).identity_path
    assert not set(sealed(report).values()) & set(sealed(published).values())
    with pytest.raises(IdentityKeyMissing):
        identity_file.open_one(file, old, "P0007")
    assert IdentityVault(settings).reveal("P0007", ["given_name"], **WHO)["given_name"].value == "Anna"


def test_a_row_put_under_another_person_does_not_open(published, settings):
    file = layout.current(settings.snapshots_dir).identity_path
    with duckdb.connect(str(file)) as con:
        con.execute(
            "UPDATE person SET sealed = (SELECT sealed FROM person WHERE one_id = 'P0008') "
            "WHERE one_id = 'P0007'"
        )
    with pytest.raises(SnapshotBroken, match="P0007"):
        identity_file.open_one(file, read_key(settings), "P0007")


def test_without_a_key_nothing_identifying_is_published(warehouse, settings):
    publish(warehouse, settings.snapshots_dir)
    assert not list(settings.snapshots_dir.glob("identity-*"))
    with pytest.raises(NoSnapshot, match="without identifying values"):
        IdentityVault(settings).reveal("P0007", **WHO)


def test_both_files_of_a_version_come_and_go_together(warehouse, settings):
    key = ensure_key(settings)
    (settings.snapshots_dir).mkdir()
    (settings.snapshots_dir / "identity-000009-00000000.duckdb").write_bytes(b"of a publish that was killed")
    for _ in range(4):
        publish(warehouse, settings.snapshots_dir, key=key, keep=2)
    kinds = [path.name.split("-")[0] for path in settings.snapshots_dir.glob("*.duckdb")]
    assert sorted(kinds) == ["identity", "identity", "snapshot", "snapshot"]


def test_a_key_is_made_once_for_its_owner_only(settings):
    assert ensure_key(settings) == ensure_key(settings)
    assert settings.identity_key_path.stat().st_mode & 0o777 == 0o600
    settings.identity_key_path.chmod(0o644)
    with pytest.raises(IdentityKeyMissing, match="chmod 600"):
        read_key(settings)


def test_a_key_that_was_configured_is_never_made(tmp_path, monkeypatch):
    with pytest.raises(IdentityKeyMissing, match="There is no key"):
        ensure_key(ReaderSettings(data_dir=tmp_path, identity_key_file=tmp_path / "absent"))
    monkeypatch.setenv("FORECOURT_IDENTITY_KEY", "too short")
    with pytest.raises(IdentityKeyMissing, match="FORECOURT_IDENTITY_KEY"):
        ensure_key(ReaderSettings(data_dir=tmp_path))
    monkeypatch.setenv("FORECOURT_IDENTITY_KEY", base64.urlsafe_b64encode(bytes(32)).decode())
    assert ensure_key(ReaderSettings(data_dir=tmp_path)) == IdentityKey(bytes(32))
    assert not list(tmp_path.iterdir())


def test_a_key_is_not_told_by_what_prints_it(settings):
    key = ensure_key(settings)
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


def test_two_processes_may_write_the_audit_at_once(published, settings):
    vault = IdentityVault(settings)
    vault.reveal("P0001", ["email"], **WHO)
    with sqlite3.connect(settings.state_file) as other:
        other.execute("SELECT count(*) FROM identity_reveal").fetchall()
        vault.reveal("P0002", ["email"], **WHO)
    assert len(reveals(settings.state_file)) == 2

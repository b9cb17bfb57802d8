"""File drops: from a real SFTP server, and from a folder as any other file system of fsspec."""

import asyncio
import os
import threading
from pathlib import Path

import asyncssh
import pytest

from ingestion.config import DropConfig, SourceConfigs
from ingestion.drops import bring
from tests.unit.ingestion.systems import event, lines

LONG_AGO = 1_700_000_000


class SftpServer:
    """An SFTP server on loopback that serves one folder to one user with a password."""

    def __init__(self, folder: Path, keys: Path):
        self.folder, self.loop = folder, asyncio.new_event_loop()
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self.known_hosts = keys / "known_hosts"
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.server = self._call(self._listen())
        self.port = self.server.sockets[0].getsockname()[1]
        public = self.host_key.export_public_key().decode().strip()
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {public}\n")

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    async def _listen(self):
        folder = str(self.folder).encode()

        class Login(asyncssh.SSHServer):
            def password_auth_supported(self):
                return True

            def validate_password(self, username, password):
                return (username, password) == ("forecourt", "s3cret")

        return await asyncssh.create_server(
            Login,
            "127.0.0.1",
            0,
            server_host_keys=[self.host_key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=folder),
        )

    def drop(self, path="/", **more):
        options = {
            "username": "forecourt",
            "password": "s3cret",
            "port": self.port,
            "known_hosts": str(self.known_hosts),
        }
        return DropConfig(url=f"sftp://127.0.0.1{path}", options=options | more)

    def stop(self):
        self.server.close()
        self._call(self.server.wait_closed())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


@pytest.fixture
def remote(tmp_path):
    """A folder that the server serves."""
    folder = tmp_path / "remote"
    (folder / "events").mkdir(parents=True)
    return folder


@pytest.fixture
def sftp(remote, tmp_path):
    server = SftpServer(remote, tmp_path)
    yield server
    server.stop()


def put(folder: Path, name: str, numbers, at=LONG_AGO):
    file = folder / "events" / name
    file.write_bytes(lines([event(i) for i in numbers]))
    os.utime(file, (at, at))
    return file


def test_files_come_by_sftp_are_loaded_and_come_once(sftp, remote, tmp_path, warehouse):
    put(remote, "a.jsonl", range(5))
    given = {"drops": {"app": sftp.drop("/events")}, "drops_dir": tmp_path / "landing"}
    assert warehouse.load_ok("app", **given) == {"event": (5, 5, 0, 0)}
    put(remote, "b.jsonl", range(5, 8))
    put(remote, "c.jsonl.part", range(8, 9))
    put(remote, "d.jsonl", range(9, 10), at=4_000_000_000)  # a clock that is ahead, or a file on its way
    report = warehouse.load("app", **given)
    assert [(entity.read, entity.loaded) for entity in report.entities] == [(3, 3)]
    assert "1 files are younger than 30 s" in report.message
    (remote / "events" / "a.jsonl").unlink()
    assert warehouse.load_ok("app", **given) == {}
    assert {file.name for file in (tmp_path / "landing" / "app").glob("*.jsonl")} == {"a.jsonl", "b.jsonl"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "wrong"}, "Permission"),
        ({"known_hosts": "other"}, "Host key"),
        ({"path": "/nowhere"}, "there is no /nowhere"),
        ({"port": 1}, "the drop cannot be read"),
    ],
    ids=["password", "host key", "folder", "port"],
)
def test_a_drop_that_cannot_be_read_says_why_and_not_the_password(sftp, tmp_path, warehouse, changes, said):
    if changes.get("known_hosts"):
        stranger = tmp_path / "other_hosts"
        key = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
        stranger.write_text(f"[127.0.0.1]:{sftp.port} {key}")
        changes = {"known_hosts": str(stranger)}
    drop = sftp.drop(**changes)
    report = warehouse.load("app", drops={"app": drop}, drops_dir=tmp_path / "landing")
    assert report.status == "failed"
    assert said.lower() in report.message.lower()
    assert "s3cret" not in report.message
    assert "wrong" not in report.message


def test_a_file_that_changed_is_brought_again_and_half_a_file_never(remote, tmp_path):
    put(remote, "a.jsonl", range(5))
    drop, here = DropConfig(url=f"file://{remote}"), tmp_path / "here"
    bring(drop, here)
    before = (here / "events" / "a.jsonl").stat().st_ino
    bring(drop, here)
    assert (here / "events" / "a.jsonl").stat().st_ino == before  # not copied again
    put(remote, "a.jsonl", range(6), at=LONG_AGO + 1)
    bring(drop, here)
    assert (here / "events" / "a.jsonl").read_bytes() == (remote / "events" / "a.jsonl").read_bytes()
    (here / ".brought.json").write_text("{")  # cut off
    bring(drop, here)
    assert not list(here.rglob("*.part"))


def test_one_source_has_one_address():
    drop = DropConfig(url="file:///x")
    with pytest.raises(ValueError, match=r"set app_files or drops\.app"):
        SourceConfigs(app_files="x", drops={"app": drop}, drops_dir="y")
    with pytest.raises(ValueError, match="drops_dir"):
        SourceConfigs(drops={"app": drop})

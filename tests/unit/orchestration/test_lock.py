import os
import signal
import subprocess
import sys

import pytest

from orchestration.lock import WriterBusyError, current_writer, writer_lock

HOLD = """
import sys
from pathlib import Path
from orchestration.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "forecourt run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock of `tmp_path` until its standard input is closed."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_writer_is_told_at_once_who_the_first_one_is(tmp_path, other):
    who = rf"'forecourt run' \(process {other.pid}, since 20"
    with pytest.raises(WriterBusyError, match=who) as failure, writer_lock(tmp_path, "forecourt build"):
        pass
    assert "\n" not in str(failure.value)
    assert current_writer(tmp_path).pid == other.pid


def test_a_writer_that_waits_gets_the_lock_when_the_first_one_ends(tmp_path, other):
    other.stdin.close()
    with writer_lock(tmp_path, "forecourt build", wait=60):
        assert current_writer(tmp_path).command == "forecourt build"


def test_a_killed_writer_frees_the_lock(tmp_path, other):
    other.send_signal(signal.SIGKILL)
    other.wait(60)
    assert current_writer(tmp_path) is None
    with writer_lock(tmp_path, "forecourt build"):
        assert current_writer(tmp_path).pid == os.getpid()


def test_nobody_writes_to_a_folder_that_is_not_there(tmp_path):
    assert current_writer(tmp_path / "nowhere") is None

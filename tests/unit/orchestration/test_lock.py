import os
import signal
import subprocess
import sys

import pytest

from orchestration.lock import WriterBusyError, current_writer, is_wanted, writer_lock

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


WAIT = """
import sys
from pathlib import Path
from orchestration import lock
with lock._wanted(Path(sys.argv[1]), True):
    print("waits", flush=True)
    sys.stdin.read()
"""


def test_who_waits_is_seen_until_it_is_gone_however_it_goes(tmp_path):
    assert not is_wanted(tmp_path)
    command = [sys.executable, "-c", WAIT, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "waits\n"
        assert is_wanted(tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait(60)
        assert not is_wanted(tmp_path)
    assert list(tmp_path.glob("writer.wanted.*")) == []


def test_a_number_that_another_process_has_now_waits_for_nothing(tmp_path):
    (tmp_path / "writer.wanted.1").touch()  # the waiter is dead, and its number lives
    assert not is_wanted(tmp_path)
    assert list(tmp_path.iterdir()) == []

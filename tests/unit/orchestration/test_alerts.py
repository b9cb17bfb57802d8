import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr
from urllib3.util.retry import Retry

from orchestration.alerts import Alert, Outbox

ALERT = Alert("dagster job nightly", "The job nightly failed", "It broke at id_map.")
AT_ONCE = Retry(
    total=2, backoff_factor=0, status_forcelist=(503,), allowed_methods=("POST",), raise_on_status=False
)


class Chat:
    """A webhook on loopback that answers with the given codes, then with 200."""

    def __init__(self):
        self.codes, self.got = [], []
        chat = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                code = chat.codes.pop(0) if chat.codes else 200
                if code == 200:
                    chat.got.append(body)
                self.send_response(code)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = SecretStr(f"http://127.0.0.1:{self.server.server_address[1]}/secret")


@pytest.fixture
def chat():
    chat = Chat()
    yield chat
    chat.server.shutdown()
    chat.thread.join()
    chat.server.server_close()


def test_one_cause_is_told_once_until_it_is_over(tmp_path, chat):
    outbox = Outbox(tmp_path, chat.url, AT_ONCE)
    assert outbox.raise_(ALERT)
    assert not outbox.raise_(ALERT)
    assert [alert.title for alert in Outbox(tmp_path).open_alerts()] == ["The job nightly failed"]
    assert outbox.resolve(ALERT.cause)
    assert not outbox.resolve(ALERT.cause)
    assert outbox.open_alerts() == []
    assert outbox.raise_(ALERT)
    assert [got["text"] for got in chat.got] == ["The job nightly failed\nIt broke at id_map."] * 2
    assert len(list(tmp_path.glob("*.json"))) == 2


def test_an_alert_that_the_webhook_did_not_take_goes_with_the_next(tmp_path, chat):
    outbox = Outbox(tmp_path, chat.url, AT_ONCE)
    chat.codes = [503] * 3
    outbox.raise_(ALERT)
    assert chat.got == []
    chat.codes = [503]  # a fault that passes
    outbox.raise_(Alert("another", "Another", "cause"))
    assert [got["alert"]["cause"] for got in chat.got] == ["dagster job nightly", "another"]
    assert outbox.deliver() == 0


def test_without_a_webhook_alerts_lie_in_the_outbox(tmp_path):
    outbox = Outbox(tmp_path)
    assert outbox.raise_(ALERT)
    (kept,) = tmp_path.glob("*.json")
    assert json.loads(kept.read_text())["title"] == ALERT.title


def test_two_processes_that_tell_of_one_cause_do_not_disturb_each_other(tmp_path, monkeypatch):
    sensor, supervisor = Outbox(tmp_path), Outbox(tmp_path)
    replace = Path.replace

    def meanwhile(part, target):
        if target.parent.name == "open":
            monkeypatch.setattr(Path, "replace", replace)
            supervisor.raise_(ALERT)
        return replace(part, target)

    monkeypatch.setattr(Path, "replace", meanwhile)
    sensor.raise_(ALERT)
    assert [alert.cause for alert in sensor.open_alerts()] == [ALERT.cause]
    assert list(tmp_path.rglob("*.part")) == []

    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda path: True)  # as it was before the other one resolved it
    assert sensor.resolve(ALERT.cause)
    assert not supervisor.resolve(ALERT.cause)
    monkeypatch.setattr(Path, "is_file", is_file)
    assert sensor.open_alerts() == []

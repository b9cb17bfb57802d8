"""kill -9 under load with clients that retry: what was acknowledged is in the log, and nothing else."""

import random
import threading

import httpx

from ingestion.collector.segments import is_intact
from tests.integration.ingestion.collector_process import CollectorProcess

KILLS = 6
CLIENTS = 4
EVENTS_BETWEEN_KILLS = 150
EVENT = {"event": "screen_viewed", "userId": "u", "properties": {"screen": "home"}}


class Sender(threading.Thread):
    """Posts events one by one, each until it is acknowledged: a refused connection is a reason to retry."""

    def __init__(self, name, url, acknowledged, finished):
        super().__init__(name=name)
        self.url, self.acknowledged, self.finished = url, acknowledged, finished

    def run(self):
        number = 0
        with httpx.Client(timeout=10) as client:
            while not self.finished.is_set():
                number += 1
                message_id = f"{self.name}-message-{number}"
                body = EVENT | {"messageId": message_id}
                while not self._is_taken(client, body):
                    if self.finished.is_set():
                        return
                self.acknowledged.put(message_id)

    def _is_taken(self, client, body):
        try:
            return client.post(self.url + "/v1/track", json=body, auth=("wk", "")).status_code == 200
        except httpx.HTTPError:
            return False


class Acknowledged:
    """The ids that were acknowledged; a waiter is told when there are enough."""

    def __init__(self):
        self.ids: list[str] = []
        self._changed = threading.Condition()

    def put(self, message_id):
        with self._changed:
            self.ids.append(message_id)
            self._changed.notify_all()

    def wait_for(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.ids) >= count, timeout=60)


def test_what_was_acknowledged_survives_every_kill(tmp_path):
    chance = random.Random(7)
    process = CollectorProcess(tmp_path / "landing", seal_seconds=0.05).start()
    acknowledged, finished = Acknowledged(), threading.Event()
    senders = [Sender(f"c{i}", process.url, acknowledged, finished) for i in range(CLIENTS)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        acknowledged.wait_for(len(acknowledged.ids) + chance.randrange(1, EVENTS_BETWEEN_KILLS))
        process.kill()
        process.start()
    acknowledged.wait_for(len(acknowledged.ids) + 50)
    process.kill()
    finished.set()
    for sender in senders:
        sender.join()
    found = {event["messageId"] for event in process.events()}
    assert len(set(acknowledged.ids)) == len(acknowledged.ids)
    assert set(acknowledged.ids) <= found
    # on disk before the last answer could be heard: at most the one event that each client was sending
    assert len(found) - len(acknowledged.ids) <= CLIENTS
    assert all(is_intact(file) for file in process.settings.folder.rglob("*.jsonl"))

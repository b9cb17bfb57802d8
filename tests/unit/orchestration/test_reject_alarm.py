import pytest

from orchestration.alerts import Outbox
from orchestration.reject_alarm import watch_rejects
from orchestration.settings import Settings

MINUTE, HOUR = 60.0, 3600.0
START = 1_800_000_000.0


class Source:
    """Loads of one source, one after the other, as the alarm sees them."""

    def __init__(self, folder, **settings):
        self.settings = Settings(data_dir=folder, **settings)
        self.outbox = Outbox(self.settings.outbox_dir / "alerts")
        self.at = START

    def load(self, read, rejected, after=HOUR, name="app"):
        """One more load; the titles of what it raised."""
        self.at += after
        return [alert.title for alert in watch_rejects(self.settings, {name: (read, rejected)}, at=self.at)]

    @property
    def is_open(self):
        return [alert.cause for alert in self.outbox.open_alerts()] == ["rejected rows of app"]


@pytest.fixture
def source(tmp_path):
    return Source(tmp_path)


def test_above_the_bar_it_is_told_once_until_it_is_over(source):
    assert source.load(1000, 3) == []
    assert source.load(1000, 80) == ["app: 8.0% of the rows are rejected"]
    assert source.load(1000, 90) == []
    assert source.is_open
    assert source.load(1000, 3) == []
    assert not source.is_open
    assert source.load(1000, 80) == ["app: 8.0% of the rows are rejected"]


def test_far_above_what_is_usual_counts_below_the_bar(source):
    for _ in range(20):
        assert source.load(10_000, 20) == []
    (title,) = source.load(10_000, 200)
    assert "2.0%" in title
    assert "0.20% is usual" in source.outbox.open_alerts()[0].text


def test_a_source_that_is_usually_bad_is_judged_by_itself(tmp_path):
    source = Source(tmp_path, reject_bar=0.2)
    for _ in range(5):
        assert source.load(10_000, 1_000) == []
    assert source.load(10_000, 1_400) == []
    assert source.load(10_000, 3_100) != []


def test_bad_luck_in_a_small_batch_wakes_nobody(source):
    for _ in range(5):
        source.load(100_000, 200)
    assert source.load(10, 10) == []
    assert source.load(2_000, 12) == []


def test_micro_batches_add_up_and_are_over_when_they_have_faded(source):
    for _ in range(500):
        assert source.load(1_000, 2, after=1.0) == []
    raised = [source.load(1_000, 1_000, after=1.0) for _ in range(40)]
    first = next(number for number, titles in enumerate(raised) if titles)
    assert first < 40
    assert sum(map(len, raised)) == 1
    minutes = 0
    while source.is_open:
        minutes += 1
        source.load(60_000, 120, after=MINUTE)
    assert 5 < minutes < 40


def test_what_went_wrong_does_not_become_usual(source):
    for _ in range(10):
        source.load(10_000, 10)
    source.load(10_000, 2_000)
    for _ in range(50):
        source.load(10_000, 2_000)
    assert "0.10% is usual" in source.outbox.open_alerts()[0].text
    assert source.is_open


def test_a_load_that_read_nothing_says_nothing(source):
    source.load(1000, 80)
    source.load(0, 0)
    assert source.is_open


def test_what_is_remembered_may_be_lost(source):
    source.load(1000, 3)
    (source.settings.data_dir / "state" / "reject_rates.json").write_text("{half")
    assert source.load(1000, 80) != []

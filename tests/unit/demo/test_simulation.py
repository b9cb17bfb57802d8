"""The simulation's parts: identification numbers, clock, dealers, systematic sampling."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.demo.base import clock
from ingestion.demo.base.seeds import Seeds, mix64, spread
from ingestion.demo.simulation.dealers import STEPS, make_dealers
from ingestion.demo.simulation.journey import passes
from ingestion.demo.simulation.people import make_people
from ingestion.demo.simulation.vehicles import SERIES, VIN_LETTERS, is_valid_vin, make_vins
from ingestion.demo.systems.contacts import phone_text

BERLIN = ZoneInfo("Europe/Berlin")


@given(
    series=st.integers(0, len(SERIES) - 1),
    year=st.integers(2010, 2039),
    serial=st.integers(0, 7_999_999),
    data=st.data(),
)
def test_check_digit_finds_every_single_wrong_character_that_changes_the_sum(
    series, year, serial, data
) -> None:
    vin = make_vins(np.array([series]), np.array([year]), np.array([serial]))[0].as_py()
    assert is_valid_vin(vin)
    place = data.draw(st.integers(0, 16).filter(lambda i: i != 8))
    digit = data.draw(st.sampled_from("0123456789"))
    if vin[place].isdigit() and digit != vin[place]:
        assert not is_valid_vin(vin[:place] + digit + vin[place + 1 :])


def test_check_digit_agrees_with_published_examples() -> None:
    assert is_valid_vin("1M8GDM9AXKP042788")  # the example of the standard's own text
    assert is_valid_vin("11111111111111111")
    assert not is_valid_vin("1M8GDM9A1KP042788")
    assert not is_valid_vin("1M8GDM9AXKP04278")
    assert not set("IOQ") & set(VIN_LETTERS)


def test_cars_have_distinct_numbers() -> None:
    serial = np.arange(0, 3_000_000, 37)
    vins = make_vins(serial % len(SERIES), np.full(len(serial), 2024), serial)
    assert len(vins.unique()) == len(serial)


@given(
    st.integers(
        int(datetime(2019, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2035, 1, 1, tzinfo=UTC).timestamp())
    )
)
@settings(max_examples=300)
def test_berlin_clock_agrees_with_the_time_zone_database(instant: int) -> None:
    at = np.array([instant])
    wanted = datetime.fromtimestamp(instant, BERLIN)
    assert clock.local_text(at)[0].as_py() == wanted.strftime("%Y-%m-%d %H:%M:%S")
    assert clock.rfc3339_berlin(at)[0].as_py() == wanted.isoformat()
    assert clock.rfc3339_utc(at)[0].as_py() == datetime.fromtimestamp(instant, UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    assert clock.from_local(clock.to_local(at))[0] - instant in (0, 3_600)


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 10, 31), "2023-11-01"),
        (date(2026, 2, 28), "2023-03-01"),
        (date(2026, 11, 15), "2023-11-16"),
    ],
)
def test_the_period_is_the_36_months_that_end_with_the_day(as_of: date, first: str) -> None:
    period = clock.period_ending(as_of)
    assert clock.iso_date(np.array([period.first_day, period.last_day])).to_pylist() == [
        first,
        as_of.isoformat(),
    ]


def test_business_time_is_in_opening_hours_and_never_earlier() -> None:
    rng = np.random.default_rng(1)
    at = rng.integers(1_700_000_000, 1_790_000_000, 20_000)
    moved = clock.business_time(at, rng)
    wall = clock.to_local(moved)
    assert (moved >= at).all()
    assert (clock.weekday(wall // clock.DAY) < 6).all()
    assert ((wall % clock.DAY >= clock.OPENS) & (wall % clock.DAY < clock.CLOSES)).all()


def test_a_new_subject_changes_no_other() -> None:
    seeds = Seeds(3)
    before = seeds.rng("leads").random(4)
    seeds.rng("something new").random(100)
    assert (seeds.rng("leads").random(4) == before).all()
    assert (seeds.rng("leads", 1).random(4) != before).all()
    assert (Seeds(4).rng("leads").random(4) != before).all()


def test_hashes_and_spread_numbers_do_not_collide() -> None:
    numbers = np.arange(200_000)
    assert len(np.unique(mix64(numbers, 3))) == len(numbers)
    assert len(np.unique(spread(numbers, 15 * 10**7, 991))) == len(numbers)


@pytest.mark.parametrize(("count", "least"), [(120, 8), (600, 40)])
def test_every_peer_group_has_enough_dealers_in_all_16_states(count: int, least: int) -> None:
    dealers = make_dealers(Seeds(7), count)
    groups = Counter(zip(dealers.tier.tolist(), dealers.market.tolist(), strict=True))
    assert len(dealers) == count
    assert len(groups) == 9
    assert min(groups.values()) >= least
    assert len(set(dealers.state.tolist())) == 16


def test_weak_and_strong_steps_are_planted_apart_and_at_all_five_steps() -> None:
    dealers = make_dealers(Seeds(7), 120)
    weak, strong = dealers.planted == "weak", dealers.planted == "strong"
    assert 0.20 <= weak.any(axis=1).mean() <= 0.25
    assert (weak | strong).sum(axis=1).max() == 1
    assert (weak.sum(axis=0) >= 3).all() and len(STEPS) == weak.shape[1]
    assert ((dealers.multiplier[weak] >= 0.45) & (dealers.multiplier[weak] <= 0.60)).all()
    assert ((dealers.multiplier[strong] >= 1.1) & (dealers.multiplier[strong] <= 1.2)).all()
    assert np.abs(dealers.multiplier[~weak & ~strong] - 1).max() <= 0.03 + 1e-9


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 0.99))
@settings(max_examples=50)
def test_systematic_sampling_keeps_to_the_rate_in_every_stretch_of_a_group(seed: int, chance: float) -> None:
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 4, 400)
    passed = passes(rng, group, np.full(400, chance))
    for one in range(4):
        own = passed[group == one]
        for stretch in (own, own[10:60], own[-30:]):
            assert abs(stretch.sum() - chance * len(stretch)) < 1 + 1e-9


def test_telephone_numbers_are_real_german_numbers_in_every_spelling() -> None:
    seeds = Seeds(7)
    people = make_people(seeds, 400, make_dealers(seeds, 120), clock.period_ending(date(2026, 10, 31)))
    numbers = np.concatenate([people.phone[0], people.landline[people.landline > 0]])
    for style in range(6):
        for number, spelled in zip(
            numbers, phone_text(numbers, np.full(len(numbers), style)).to_pylist(), strict=True
        ):
            parsed = phonenumbers.parse(spelled, "DE")
            assert phonenumbers.is_valid_number(parsed), spelled
            assert parsed.national_number == number

"""The shipped registry against the trade's catalogue, both ways."""

import re

import pytest

from indicators.lookup import resolve
from indicators.registry import indicators_of, load_registry
from tests.unit.indicators.catalogue_codes import CLASSES, ROWS
from tests.unit.indicators.catalogue_dimensions import DIMENSIONS, LETTERS

LAST = max(ROWS)


@pytest.fixture(scope="module")
def shipped():
    return load_registry()


def numbers(shipped):
    """The number of each indicator's id."""
    return {
        item.code: int(item.id.rsplit("-", 1)[1])
        for process in shipped.all_processes
        for item in indicators_of(process)
    }


def test_the_catalogue_has_98_rows_and_every_code_once():
    codes = [code for row in ROWS.values() for code in row]
    assert LAST == 98
    assert len(set(codes)) == len(codes)


def test_every_row_of_the_catalogue_is_defined_under_its_code_and_its_number(shipped):
    found = numbers(shipped)
    missing = {row: codes for row, codes in ROWS.items() if any(code not in found for code in codes)}
    assert missing == {}
    # a row of several codes gives its number to one of them, or none of them stands under another row's
    wrong = {row: codes for row, codes in ROWS.items() if len(codes) == 1 and found[codes[0]] != row}
    assert wrong == {}


def test_no_other_indicator_takes_a_number_of_the_catalogue(shipped):
    listed = {code for row in ROWS.values() for code in row}
    strangers = {code: n for code, n in numbers(shipped).items() if n <= LAST and code not in listed}
    assert strangers == {}


@pytest.mark.parametrize("code", CLASSES)
def test_the_class_is_the_one_of_the_catalogue(shipped, code):
    assert shipped.additivity_mark(code) == CLASSES[code]


@pytest.mark.parametrize("code", DIMENSIONS)
def test_it_can_be_cut_by_the_dimensions_of_the_catalogue(shipped, code):
    reachable = set(shipped.reachable(resolve(shipped, code).base))
    assert [letter for letter in DIMENSIONS[code] if reachable.isdisjoint(LETTERS[letter])] == []


def test_every_code_of_the_catalogue_has_its_dimensions():
    assert set(DIMENSIONS) == {code for row in ROWS.values() for code in row}


def test_derived_indicators_are_generated_in_thousands_and_typed_nowhere(shipped):
    assert len(shipped.derived) >= 2_000
    written = {item.code for process in shipped.all_processes for item in indicators_of(process)}
    assert written.isdisjoint(shipped.derived)


def test_every_indicator_that_has_a_period_by_itself_is_generated(shipped):
    """An indicator that no entry derives would only be answered for dates that are typed each time."""
    used = {code.base for code in shipped.derived.values()}
    listed = {code for row in ROWS.values() for code in row if code in shipped.bases}
    assert listed - used == set()


def test_every_name_reads_as_its_language(shipped):
    for process in shipped.all_processes:
        for item in indicators_of(process):
            assert re.fullmatch(r"[A-Za-z0-9 ,.'()-]+", item.name.en), item.code
            assert not re.search(r"[a-z]{4,}", item.name.zh), item.code

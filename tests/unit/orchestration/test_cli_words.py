"""The command line's own words: options for the request's fields, days, conditions, SQL, registry faults."""

from datetime import date

import pytest
import typer

from indicators.formula import FormulaError
from indicators.planner import Plan
from indicators.registry import RegistryError
from orchestration.cli.console import _sentence
from orchestration.cli.drivers import _share
from orchestration.cli.options import conditions, day, said_in_options
from orchestration.cli.query import _show_sql
from orchestration.errors import ForecourtError
from serving.drivers import Part
from serving.errors import QueryFailed


def test_fields_of_the_request_are_called_by_their_options():
    with (
        pytest.raises(ForecourtError, match=r"^give `--to`, leave `--compare` out, run `make indicators`$"),
        said_in_options(),
    ):
        raise QueryFailed("give `date_to`, leave `compare` out, run `make indicators`")


def test_a_day_that_is_none_is_named():
    assert day("2026-03-31") == date(2026, 3, 31)
    for text in ("2026-13-01", "31.03.2026", "soon"):
        with pytest.raises(typer.BadParameter, match=f"{text} is no day of the calendar"):
            day(text)


def test_conditions_may_ask_for_what_is_not_known():
    assert conditions(["region=not known"]) == {"region": None}
    assert conditions(["region=DE-BY", "region=not known", "dealer = D1"]) == {
        "region": ["DE-BY", None],
        "dealer": "D1",
    }


def test_sql_is_printed_with_its_parameters_written_in(capsys):
    params = {"a": "O'Neil $b", "ab": [date(2026, 3, 1), None], "b": True, "c": 1}
    _show_sql(Plan("select $a, $ab, $b, $c", params, ("value",), "lead", "", "lead_cnt"))
    assert capsys.readouterr().out == "select 'O''Neil $b', [date '2026-03-01', null], true, 1;\n"
    _show_sql(Plan("select 1", {}, ("value",), "lead", "Why.", "lead_cnt"))
    assert capsys.readouterr().out == "select 1;\n-- Why.\n"


def test_a_share_of_nearly_nothing_has_no_sign():
    assert _share(Part("D1", None, -0.001)) == "0%"
    assert _share(Part("D1", None, -0.25)) == "-25%"


@pytest.mark.parametrize("error", [FormulaError("'a / / b' is not a formula"), RegistryError([])])
def test_what_cannot_be_read_in_the_registry_leads_to_the_check(error):
    assert "Run `forecourt indicators check`: it names file, line and repair." in _sentence(error)

"""The filters that most pages have: period, region and dealer, bound to the URL, so that a link opens what
its sender saw. A page's own controls stand in its package and are bound in the same way.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboards.words import say
from serving.network import Dealer, Region
from serving.scope import Period, Scope

PERIODS = {"90 days": 90, "12 months": 365, "36 months": 1096}
CUSTOM = "Custom"


@dataclass(frozen=True)
class Choice:
    """What the reader asked for. `period_name` is in the reader's language."""

    period: Period
    period_name: str
    scope: Scope
    region_name: str | None
    dealer_name: str | None

    @property
    def place(self) -> str:
        """The scope in words."""
        return self.dealer_name or self.region_name or say("Whole network")


def choose(regions: Sequence[Region], dealers: Sequence[Dealer], as_of: date) -> Choice:
    """Draw the filters and return what they say."""
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="filters"):
        period, name = choose_period(as_of)
        region = choose_region(regions)
        dealer = choose_dealer(
            [one for one in dealers if region is None or one.region_code == region.region_code]
        )
    region_name = region.region_name if region else None
    dealer_name = dealer.dealer_name if dealer else None
    scope = Scope(region.region_code if region else None, dealer.dealer_id if dealer else None)
    return Choice(period, name, scope, region_name, dealer_name)


def choose_place(regions: Sequence[Region], dealers: Sequence[Dealer]) -> tuple[Scope, str]:
    """A part of the network without a period, and its name."""
    with st.container(horizontal=True, vertical_alignment="top", gap="medium", key="filters"):
        region = choose_region(regions)
        dealer = choose_dealer(
            [one for one in dealers if region is None or one.region_code == region.region_code]
        )
    scope = Scope(region.region_code if region else None, dealer.dealer_id if dealer else None)
    if dealer:
        return scope, dealer.dealer_name
    return scope, region.region_name if region else say("Whole network")


def choose_period(as_of: date, label: str = "Leads of the last") -> tuple[Period, str]:
    """The period and its name; `label` says what is counted in it."""
    picked = str(
        st.segmented_control(
            say(label), [*PERIODS, CUSTOM], default="12 months", required=True, format_func=say, key="period",
            bind="query-params",
        )
    )  # fmt: skip
    if picked != CUSTOM:
        return Period(as_of - timedelta(days=PERIODS[picked] - 1), as_of), say(picked)
    first = as_of - timedelta(days=PERIODS["12 months"] - 1)
    days = st.date_input(
        say("From and to"),
        (first, as_of),
        max_value=as_of,
        key="days",
        bind="query-params",
        width=240,
        format="DD.MM.YYYY",
    )
    # While the reader has chosen only the first day there is one element: that day alone is a period too.
    chosen = days if isinstance(days, tuple) and days else (first, as_of)
    return Period(chosen[0], chosen[-1]), say("period")


def choose_region(regions: Sequence[Region]) -> Region | None:
    """A region, or None for all of them."""
    names = {region.region_code: region.region_name for region in regions}
    code = st.selectbox(
        say("Region"), list(names), index=None, format_func=lambda code: names.get(code, code), key="region",
        bind="query-params", width=220, disabled=not regions,
        placeholder=say("All regions" if regions else "No regions in these data"),
    )  # fmt: skip
    return next((region for region in regions if region.region_code == code), None)


def choose_dealer(dealers: Sequence[Dealer]) -> Dealer | None:
    """A dealer, or None for all of them. Dealers of one name are told apart by their ids."""
    names = dealer_names(dealers)
    picked = st.selectbox(
        say("Dealer"), list(names), index=None, format_func=lambda one: names.get(one, one), key="dealer",
        bind="query-params", width=280, disabled=not dealers,
        placeholder=say("All dealers" if dealers else "No dealers in these data"),
    )  # fmt: skip
    return next((dealer for dealer in dealers if dealer.dealer_id == picked), None)


def dealer_names(dealers: Sequence[Dealer]) -> dict[str, str]:
    """The name of each dealer id; the id stands behind a name that two dealers have."""
    twice = Counter(dealer.dealer_name for dealer in dealers)
    return {
        dealer.dealer_id: dealer.dealer_name
        if twice[dealer.dealer_name] == 1
        else f"{dealer.dealer_name} ({dealer.dealer_id})"
        for dealer in dealers
    }

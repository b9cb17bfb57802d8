"""The pages of the app, in the order of the navigation. A page that is not here does not exist."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageSpec:
    """One page: `app_pages/<name>.py`, at `/<name with dashes>`.

    `title` and `subtitle` are English (the dictionary has the other language); `sources` are those whose
    lateness is said on the page; `codes` are indicators whose quality gates can withhold the whole page;
    `everything` pages show what is not counted by dealer, to readers of all data only; `hidden` ones are not
    in the navigation; `bare` ones have no title line.
    """

    name: str
    title: str
    icon: str
    subtitle: str = ""
    sources: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    everything: bool = False
    bare: bool = False
    hidden: bool = False

    @property
    def file(self) -> str:
        """The script that Streamlit runs for it, beside `app.py`."""
        return f"app_pages/{self.name}.py"

    @property
    def url_path(self) -> str:
        """Its place in the address."""
        return self.name.replace("_", "-")


FUNNEL_CODES = (
    "fnl_lead_cnt", "fnl_card_rate", "fnl_visit_rate", "fnl_td_rate", "fnl_order_rate", "fnl_delivery_rate",
)  # fmt: skip

PAGES = (
    PageSpec(
        "overview", "Overview", "home", subtitle="What to look at first, and how the month is going",
        sources=("crm", "service"),
    ),
    PageSpec(
        "dealer_funnel", "Dealer funnel", "filter_alt",
        subtitle="Every stage from lead to delivery, against the region, the network and the target",
        sources=("crm",), codes=FUNNEL_CODES,
    ),
    PageSpec(
        "dealer_comparison", "Dealer comparison", "leaderboard",
        subtitle="Dealers side by side, each against its own peers", sources=("crm",), codes=FUNNEL_CODES,
    ),
    PageSpec(
        "dealer_scorecard", "Dealer scorecard", "storefront",
        subtitle="One dealer: what waits, the month, what to work on", sources=("crm",),
        codes=FUNNEL_CODES,
    ),
    PageSpec(
        "indicator_dictionary", "Indicator dictionary", "menu_book",
        subtitle="What every number means, where it comes from, whether it can be trusted, and who uses it",
    ),
    PageSpec(
        "data_health", "Data health", "monitor_heart",
        subtitle="Every row read is loaded, rejected or a repeat", everything=True,
    ),
    PageSpec(
        "identity_review", "Identity review", "group",
        subtitle="Are these two records one person? Values are masked", everything=True,
    ),
)  # fmt: skip


def page_named(name: str) -> PageSpec:
    """The page of that name. Raises KeyError for one that is not in the list."""
    return next(spec for spec in PAGES if spec.name == name)

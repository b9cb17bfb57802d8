"""Which rows of a published relation a reader may see, as the WHERE of a secure view.

A relation that names dealers or regions shows those of the reader. One that names neither shows rows only to
readers of everything, unless it stands in OPEN: a new model is closed until somebody decides.
"""

from collections.abc import Collection

# Session variables of a reader's cursor. Unset, every condition below is false or null: no rows.
KIND, IDS = "scope_kind", "scope_ids"

# Say nothing of a single dealer, region or person: calendars, steps, the dictionary's words, published
# registrations, and benchmarks that a model took from at least MIN_DEALERS dealers.
OPEN = frozenset({
    "indicators.indicator_catalogue", "indicators.indicator_digest", "indicators.indicator_gate",
    "serving.srv_as_of", "serving.srv_funnel_step", "serving.srv_indicator_catalogue",
    "serving.srv_indicator_gate",
    "serving.srv_market_share", "serving.srv_peer_funnel", "serving.srv_region", "serving.srv_series",
    "serving.srv_source_freshness", "serving.srv_step_benchmark", "serving.srv_test_result",
})  # fmt: skip
# Hold values of the whole network: open where that is at least MIN_DEALERS dealers.
OF_NETWORK = frozenset({"serving.srv_indicator_dictionary", "serving.srv_indicator_status"})
# A number of fewer dealers than this would tell a reader of one dealer about single others.
MIN_DEALERS = 5

_IS = f"getvariable('{KIND}')"
_HELD = f"list_contains(getvariable('{IDS}'), {{column}})"
_DEALERS_OF_REGIONS = "dealer_id IN (SELECT dealer_id FROM {catalogue}.serving.srv_dealer WHERE {held})"


def condition(relation: str, columns: Collection[str], catalogue: str, dealers: int) -> str:
    """The condition on a row of `relation` (`schema.name`) in a snapshot of so many dealers."""
    if relation in OPEN or (relation in OF_NETWORK and dealers >= MIN_DEALERS):
        return f"{_IS} IN ('all', 'region', 'dealer')"
    of_region = of_dealer = "false"
    if "dealer_id" in columns:
        of_dealer = _HELD.format(column="dealer_id")
        of_region = _DEALERS_OF_REGIONS.format(catalogue=catalogue, held=_HELD.format(column="region_code"))
    if "region_code" in columns:
        of_region = _HELD.format(column="region_code")
    return (
        f"CASE {_IS} WHEN 'all' THEN true WHEN 'region' THEN {of_region} WHEN 'dealer' THEN {of_dealer}"
        " ELSE false END"
    )

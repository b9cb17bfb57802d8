"""Dealer scorecard: what waits, the month, and the three steps to work on. Made for a phone."""

from dashboards.page import show
from dashboards.scorecard_page.layout import body

show("dealer_scorecard", body)

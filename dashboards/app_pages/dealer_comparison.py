"""Dealer comparison: dealers side by side, each against its own peers."""

from dashboards.comparison_page.layout import body
from dashboards.page import show

show("dealer_comparison", body)

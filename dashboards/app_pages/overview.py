"""The overview: what to look at first, and how the month is going."""

from dashboards.overview_page.layout import body
from dashboards.page import show

show("overview", body)

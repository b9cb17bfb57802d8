"""The dealer funnel: where leads are lost, at whom, and against what."""

from dashboards.funnel_page.layout import body
from dashboards.page import show

show("dealer_funnel", body)

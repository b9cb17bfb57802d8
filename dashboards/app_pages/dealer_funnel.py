"""The dealer funnel: where leads are lost, at whom, and against what."""

from dashboards import components
from dashboards.funnel_page.layout import body

components.page("Dealer funnel", body)

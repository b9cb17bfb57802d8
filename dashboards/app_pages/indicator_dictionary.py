"""The indicator dictionary: every number's meaning, origin, trust and users."""

from dashboards import components
from dashboards.dictionary_page.layout import body

components.page("Indicator dictionary", body)

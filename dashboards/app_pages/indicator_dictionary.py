"""The indicator dictionary: every number's meaning, origin, trust and users."""

from dashboards.dictionary_page.layout import body
from dashboards.page import show

show("indicator_dictionary", body)

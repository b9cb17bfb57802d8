"""The indicator dictionary: search (`search`), controls bound to the URL, cards of one indicator, layout."""

"""Tools of the demo world that know nothing about cars: seeds, time, text columns. No simulation here."""

"""The parts of the dealer funnel page: its controls, its cards, and how they stand together."""

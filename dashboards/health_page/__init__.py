"""Data health: what was loaded when, whether it adds up, what was rejected, and how well OneID does."""

"""Identity review: two records side by side, masked, and one judgement at a time."""

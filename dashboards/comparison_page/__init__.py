"""Dealer comparison: ranked dealers at one step, and dealers by steps, each against its own peers."""

"""Flows that the clock, a call or another flow's output starts."""

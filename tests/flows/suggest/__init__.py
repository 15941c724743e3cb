"""Tests of flows proposed from history."""

"""Rows in, releases out, and what no reader may get out of them."""

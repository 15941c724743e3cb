"""Stores as earlier releases have written them."""

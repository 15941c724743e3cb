"""Test cases of an operator: given mail and movements, what the flows are to make of them."""

"""Attacks on the aggregates: each holds what ships to a criterion, and notices sabotage.

Whoever attacks is all-knowing but for one owner: it has every other owner's rows, the method
and every release. Sizes are such that a sound pipeline fails with a probability below 1e-6,
and that a sabotaged one does not get by.
"""

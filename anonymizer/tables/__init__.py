"""Rows per owner in, a release out from which no owner can be singled out.

The protected unit is the owner: whoever reads all releases of a year, and knows every other
owner's rows, learns of one owner no more than the epsilons allow that stand in the method.
Everything here is pure: no store, no clock, no file but that of `evidence`.
"""

"""The keys of a business over their life: made, changed for others, destroyed.

`records.py` says how they are kept, `rotation.py` changes them while everybody goes on
working, `shredding.py` destroys them. What is done with them stands in `flows/sealing.py`.
"""

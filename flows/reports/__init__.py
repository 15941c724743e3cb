"""Which businesses count, what is counted of each, and what is published of all.

What one business counts stays sealed with it until its quarter is over; then it goes to the
pool, which holds the counts of all. Nothing leaves the pool but releases, made in
`anonymizer.tables`.
"""

"""Other engines at the same mailbox as ours, in the same run: `python -m tests.bench.peers`."""

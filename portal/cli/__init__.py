"""The command line: `jigajob`."""

from portal.cli.program import main

__all__ = ["main"]

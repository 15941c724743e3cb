"""The embedded store: one SQLite file, nothing to set up."""

from connectors.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]

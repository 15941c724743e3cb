"""Puts the rooms together: settings in, live objects out. The sole importer of connectors."""

from portal.wiring.app import App, SystemClock, open_app

__all__ = ["App", "SystemClock", "open_app"]

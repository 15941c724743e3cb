"""Puts the rooms together: settings in, live objects out. The sole importer of connectors."""

from portal.wiring.app import App, open_app, open_to_look
from portal.wiring.custody import Custody, SystemClock, open_custody
from portal.wiring.pool import open_pool

__all__ = [
    "App",
    "Custody",
    "SystemClock",
    "open_app",
    "open_custody",
    "open_pool",
    "open_to_look",
]

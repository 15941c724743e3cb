"""Backups of a business: all its records in one sealed archive, its keys in another file.

Neither opens anything alone, and both together only with the vault that wrapped the keys.
"""

from flows.backup.making import back_up
from flows.backup.parts import KeyFile, Manifest
from flows.backup.restoring import restore

__all__ = ["KeyFile", "Manifest", "back_up", "restore"]

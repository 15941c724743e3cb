"""Movements on accounts, from the files that banks let one download: OFX, QFX, CSV."""

from connectors.bank.source import BankFiles

__all__ = ["BankFiles"]

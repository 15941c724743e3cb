"""Movements on accounts, from files of banks: OFX, QFX, CAMT.053, MT940, CSV."""

from connectors.bank.source import BankFiles

__all__ = ["BankFiles"]

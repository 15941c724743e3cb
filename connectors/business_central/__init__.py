"""Dynamics 365 Business Central: its ledger and invoices read, quotes and invoices made."""

from __future__ import annotations

from connectors.business_central.client import Api
from connectors.business_central.company import Company
from connectors.business_central.invoices import BusinessCentralInvoices
from connectors.business_central.outlet import BusinessCentralOutlet
from connectors.business_central.source import BusinessCentralLedger
from connectors.business_central.subscription import Subscription

__all__ = [
    "Api",
    "BusinessCentralInvoices",
    "BusinessCentralLedger",
    "BusinessCentralOutlet",
    "Company",
    "Subscription",
]

"""All rows that tell an identifier of a person, by kind; `rule.py` says what a row is."""

from __future__ import annotations

from anonymizer.text.contact_rules import CONTACTS
from anonymizer.text.money_rules import MONEY
from anonymizer.text.paper_rules import PAPERS
from anonymizer.text.rule import BUSINESS_NUMBERS, DATE, IS, NEEDS_CONTEXT, SURE, Rule

__all__ = [
    "BUSINESS_NUMBERS",
    "CONTACTS",
    "DATE",
    "IS",
    "MONEY",
    "NEEDS_CONTEXT",
    "PAPERS",
    "SURE",
    "Rule",
]

"""Flows proposed out of the history of a business, each with its evidence."""

from flows.suggest.proposal import Proposal
from flows.suggest.suggesting import suggestions

__all__ = ["Proposal", "suggestions"]

"""How a bank's file would be read, by what it holds and by what is usual in the region."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal

from connectors.bank.proposal import Habits, Proposal, propose
from flows.language.spec import Business
from flows.steps.regions import region_of

__all__ = ["Proposal", "proposal_for"]

_DATES: Final[dict[str, Literal["month-first", "day-first", ""]]] = {
    "MDY": "month-first",
    "DMY": "day-first",
    "": "",
}
# Source: https://cldr.unicode.org/ (symbols of numbers).
_POINT: Final = re.compile(
    "US|CA|GB|IE|AU|NZ|MX|PR|GU|VI|IN|IL|JP|CN|HK|SG|MY|PH|TH|KR|TW|CH|LI|MT|GT|HN|NI|PA|PE"
)


def proposal_for(
    path: Path,
    business: Business,
    *,
    dates: Literal["", "year-first", "month-first", "day-first"] = "",
    decimal: Literal["", ".", ","] = "",
    account: str = "",
) -> Proposal:
    """Return how *path* would be read; *dates* and *decimal* where somebody has said them.

    Raises:
        AdministratorError, OperatorError: As `connectors.bank.proposal.propose`.
    """
    region = region_of(business.region)
    habits = Habits(
        dates=dates,
        decimal=decimal,
        usual_dates=_DATES[region.date_order],
        usual_decimal="." if _POINT.fullmatch(region.country) else ",",
        currency=business.currency,
    )
    return propose(path, habits, account=account)

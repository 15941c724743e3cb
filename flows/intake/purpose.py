"""Whether a mail is business, or purely personal and so none of the business's software."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from flows.intake.business_cues import BUSINESS, TRADE_SENDERS
from flows.intake.personal_cues import PERSONAL, Cue
from flows.model import Verdict

LOOKED_AT: Final = 8_000
"""Characters of a text that are judged."""

ENOUGH: Final = 3
"""Personal weight from which a mail without any business cue is personal."""

ENOUGH_BESIDE: Final = 4
"""The same for a mail with business cues, beyond their weight."""

PREPONDERANCE: Final = 2.5
"""How many times the business weight a mail's personal weight must be, when it has both."""

STRONG: Final = 3
"""Weight from which a business cue counts in full; weaker ones together count this much."""


def judge(
    subject: str, text: str, sender: str = "", to: Sequence[str] = ()
) -> tuple[Verdict, tuple[str, ...]]:
    """Return whether a mail is business or purely personal, and the names of the cues.

    Business is the default: of two mistakes, losing a customer's mail is the worse. A mail
    that mixes both, a request that tells of the family, is business. Reasons are names of
    cues (`personal: birthday`), never words of the mail.
    """
    whole = f"{subject}\n{text[: LOOKED_AT // 2]}\n{text[LOOKED_AT // 2 :][-LOOKED_AT // 2 :]}"
    whole = whole.replace("\u2019", "'")
    personal = list(_found(PERSONAL, whole))
    if _sum(personal) < ENOUGH:
        few = tuple(f"personal: {name}" for name, _ in personal)
        return "business", few or ("no personal cue",)
    business = list(_found(BUSINESS, whole))
    if TRADE_SENDERS.match(sender.lower()):
        business.append(("trade sender", 2))
    if len(to) > 30:  # noqa: PLR2004 - a circular
        business.append(("many recipients", 2))
    reasons = tuple(
        [f"personal: {name}" for name, _ in personal]
        + [f"business: {name}" for name, _ in business]
    )
    own, trade = _sum(personal), _sum_of_trade(business)
    enough = own >= (ENOUGH_BESIDE + trade if trade else ENOUGH)
    enough = enough and own >= PREPONDERANCE * trade
    return ("personal" if enough else "business"), reasons


def _found(cues: Iterable[Cue], text: str) -> Iterable[tuple[str, int]]:
    return ((name, weight) for name, weight, pattern in cues if pattern.search(text))


def _sum_of_trade(found: Sequence[tuple[str, int]]) -> int:
    # Words of offices ("report", "manager") stand in any letter; many make no business.
    weak = sum(weight for _, weight in found if weight < STRONG)
    return min(weak, STRONG) + sum(weight for _, weight in found if weight >= STRONG)


def _sum(found: Iterable[tuple[str, int]]) -> int:
    return sum(weight for _, weight in found)

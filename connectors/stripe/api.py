"""Stripe's interface by its own library: reading only, and in our words when it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

import stripe

from flows.errors import AdministratorError, JigajobError, Throttled, TransientError

if TYPE_CHECKING:
    from stripe.params import (
        BalanceTransactionListParams,
        BalanceTransactionListParamsCreated,
        EventListParams,
    )

T = TypeVar("T")

VERSION: Final = "2026-10-28.endive"
"""The version of the interface that this connector was written for."""

ADDRESS: Final = "https://api.stripe.com"
LISTED: Final = 100
"""Entries in one answer; Stripe gives no more."""

SECONDS: Final = 40.0
_PAUSE: Final = 5.0
_TELLING: Final = (
    *("charge.succeeded", "charge.updated", "charge.refunded", "refund.updated"),
    *("refund.failed", "payout.created", "payout.updated", "payout.failed"),
    *("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"),
)
"""Source: https://docs.stripe.com/api/events/types"""


class NotThere(AdministratorError):
    """Stripe knows no object of the id that was asked for, at least for this key."""


class Api:
    """Lists and single objects of one Stripe account, as plain dictionaries.

    Calls run in threads, one at a time for each caller that awaits; failures of the network
    are tried again twice by the library. Nothing about this machine or its calls is reported
    to Stripe beside the calls themselves.

    Args:
        key: Returns the secret or, better, the restricted key; read anew at each call.
        address: Where the interface is.
    """

    def __init__(self, key: Callable[[], str], *, address: str = ADDRESS) -> None:
        self._key, self._address = key, address
        self._http = stripe.RequestsClient(timeout=SECONDS)
        # A switch of the whole library: else it tells how long calls took, and on what machine.
        stripe.enable_telemetry = False

    async def balance_transactions(
        self, *, since: int, before: int | None = None, after: str = ""
    ) -> Mapping[str, Any]:
        """Return a page of what moved the balance, newest first, with what is behind each.

        Created from *since* on and earlier than *before*, in seconds; the page follows the
        one that ended with the id *after*.

        Raises:
            AdministratorError: The key is refused, or may not read this.
            TransientError: Stripe is away, or asks for a pause.
            NotThere: *after* is no id.
        """
        created: BalanceTransactionListParamsCreated = {"gte": since}
        if before is not None:
            created["lt"] = before
        asked: BalanceTransactionListParams = {
            "created": created,
            "limit": LISTED,
            "expand": ["data.source"],
        }
        if after:
            asked["starting_after"] = after
        found = await self._call(
            lambda client: client.v1.balance_transactions.list(asked), reading="Balance"
        )
        return found.to_dict()

    async def events(self, *, newer_than: str = "", limit: int = LISTED) -> Mapping[str, Any]:
        """Return the page of events just after the one of that id; else of the newest.

        Newest first, only those that tell of money moved; Stripe keeps them for 30 days.

        Raises:
            AdministratorError, TransientError: As for `balance_transactions`.
            NotThere: Stripe does not know the event *newer_than*, or no longer.
        """
        asked: EventListParams = {"limit": limit, "types": list(_TELLING)}
        if newer_than:
            asked["ending_before"] = newer_than
        found = await self._call(lambda client: client.v1.events.list(asked), reading="Events")
        return found.to_dict()

    async def balance_transaction(self, transaction_id: str) -> Mapping[str, Any]:
        """Return one movement of the balance with its source.

        Raises:
            AdministratorError, TransientError, NotThere: As for `balance_transactions`.
        """
        found = await self._call(
            lambda client: client.v1.balance_transactions.retrieve(
                transaction_id, {"expand": ["source"]}
            ),
            reading="Balance",
        )
        return found.to_dict()

    async def charge(self, charge_id: str) -> Mapping[str, Any]:
        """Return one charge.

        Raises:
            AdministratorError, TransientError, NotThere: As for `balance_transactions`.
        """
        found = await self._call(
            lambda client: client.v1.charges.retrieve(charge_id), reading="Charges"
        )
        return found.to_dict()

    async def _call(self, ask: Callable[[stripe.StripeClient], T], *, reading: str) -> T:
        client = stripe.StripeClient(
            self._key(),
            stripe_version=VERSION,
            base_addresses={"api": self._address},
            max_network_retries=2,
            http_client=self._http,
        )
        try:
            return await asyncio.to_thread(ask, client)
        except stripe.StripeError as error:
            raise _ours(error, reading) from None


def _ours(error: stripe.StripeError, reading: str) -> JigajobError:
    """Return what a refusal means to us; Stripe's words may quote a customer."""
    match error:
        case stripe.AuthenticationError():
            return AdministratorError(
                "Stripe does not accept the key of this source",
                fix="make a restricted key in Stripe's dashboard (Developers, API keys) and"
                " put it where `key` in flows.yaml says",
            )
        case stripe.PermissionError():
            return AdministratorError(
                f"the key of this source may not read {reading} at Stripe",
                fix="give the restricted key read access to Balance, Charges, Disputes,"
                " Payouts, Refunds and Events",
            )
        case stripe.RateLimitError():
            return Throttled("Stripe asks for a pause", retry_after=_PAUSE)
        case stripe.InvalidRequestError():
            if error.code == "resource_missing":
                return NotThere("Stripe does not know the object that was asked for")
            return AdministratorError(
                f"Stripe refused to give {reading} ({error.code or 'invalid request'})",
                fix="report it with the version from `jigajob --version`",
            )
        case _:
            return TransientError("Stripe cannot be reached, or is in trouble itself")

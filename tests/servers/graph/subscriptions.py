"""Change notifications: subscriptions, their handshake, what is posted, lifecycle events.

Sources: https://learn.microsoft.com/graph/api/subscription-post-subscriptions,
https://learn.microsoft.com/graph/change-notifications-delivery-webhooks,
https://learn.microsoft.com/graph/change-notifications-lifecycle-events
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from tests.servers.graph.access import Caller
from tests.servers.graph.clock import Clock, stamp
from tests.servers.graph.odata import moment
from tests.servers.graph.postman import Postman
from tests.servers.graph.routes import steps_of
from tests.servers.graph.state import Change, Folder, Item, Mailbox
from tests.servers.graph.wire import Answer, Call, Json, Refusal

Lifecycle = Literal["reauthorizationRequired", "subscriptionRemoved", "missed"]
LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)
_MOST = 1000
_CHANGES = {"created", "updated", "deleted"}
_GIVEN = {
    "changeType",
    "notificationUrl",
    "lifecycleNotificationUrl",
    "resource",
    "expirationDateTime",
    "clientState",
    "latestSupportedTlsVersion",
    "includeResourceData",
}


@dataclass(slots=True)
class Subscription:
    """One subscription; `folder` None means the whole mailbox."""

    id: str
    mailbox: Mailbox
    folder: Folder | None
    changes: frozenset[str]
    shown: Json
    expires: datetime
    immutable: bool
    caller: Caller
    stopped: bool = False
    """Nothing is posted until it is authorized anew."""


class Subscriptions:
    """The operations on subscriptions, and who is told of what."""

    def __init__(
        self,
        *,
        clock: Clock,
        postman: Postman,
        find: Callable[[str], Mailbox],
    ) -> None:
        self._clock, self._postman, self._find = clock, postman, find
        self._tenant = str(uuid.uuid4())
        self._held: dict[str, Subscription] = {}

    async def create(self, call: Call) -> Answer:
        body = call.json
        _check(body, secure=self._postman.secure)
        mailbox, folder = self._subject(call, body["resource"])
        expires = self._expiry(body["expirationDateTime"])
        if sum(one.mailbox is mailbox for one in self._alive()) >= _MOST:
            raise Refusal(403, "ExtensionError", "Too many subscriptions on this mailbox.")
        for name in ("notificationUrl", "lifecycleNotificationUrl"):
            if body.get(name):
                await self._handshake(body[name])
        made = Subscription(
            id=str(uuid.uuid4()),
            mailbox=mailbox,
            folder=folder,
            changes=frozenset(body["changeType"].split(",")),
            shown={name: body[name] for name in _GIVEN if name in body},
            expires=expires,
            immutable=call.immutable,
            caller=call.caller,
        )
        self._held[made.id] = made
        return Answer(201, self._shown(made), "Subscription")

    def list_all(self, call: Call) -> Answer:
        found = [self._shown(one) for one in self._alive() if one.caller == call.caller]
        return Answer(body={"value": found}, shape="Subscriptions")

    def get(self, call: Call) -> Answer:
        return Answer(body=self._shown(self._found(call)), shape="Subscription")

    def renew(self, call: Call) -> Answer:
        found = self._found(call)
        extra = sorted(set(call.json) - {"expirationDateTime", "notificationUrl"})
        if extra or "expirationDateTime" not in call.json:
            raise Refusal(
                400, "InvalidRequest", "Only expirationDateTime and notificationUrl can change."
            )
        found.expires = self._expiry(call.json["expirationDateTime"])
        found.stopped = False
        return Answer(body=self._shown(found), shape="Subscription")

    def reauthorize(self, call: Call) -> Answer:
        self._found(call).stopped = False
        return Answer(204)

    def delete(self, call: Call) -> Answer:
        del self._held[self._found(call).id]
        return Answer(204)

    def tell(
        self, mailbox: Mailbox, change: Change, item: Item, folder: Folder, *, moved: bool
    ) -> None:
        """Post to those who asked for this change."""
        for one in self._alive():
            if one.mailbox is not mailbox or one.stopped:
                continue
            seen: str = change
            if one.folder is None and moved:
                if change == "deleted":
                    continue
                seen = "updated"
            if one.folder in {None, folder} and seen in one.changes:
                self._postman.post(
                    one.shown["notificationUrl"], {"value": [self._change(one, seen, item)]}
                )

    def lifecycle(self, subscription_id: str, event: Lifecycle) -> None:
        """Post a lifecycle event; a removed subscription is gone, one to be authorized rests.

        Raises:
            KeyError: There is no such subscription.
            ValueError: It was created without lifecycleNotificationUrl.
        """
        found = self._held[subscription_id]
        where = found.shown.get("lifecycleNotificationUrl")
        if not where:
            raise ValueError("the subscription has no lifecycleNotificationUrl")
        if event == "subscriptionRemoved":
            del self._held[subscription_id]
        found.stopped = event == "reauthorizationRequired"
        notice = {**self._envelope(found), "lifecycleEvent": event}
        self._postman.post(where, {"value": [notice]})

    def ids(self) -> list[str]:
        """Return the ids of the subscriptions that are alive."""
        return [one.id for one in self._alive()]

    def _subject(self, call: Call, resource: str) -> tuple[Mailbox, Folder | None]:
        steps = steps_of(resource)
        lowered = [step.lower() for step in steps]
        if lowered[0] == "me" and call.caller.user:
            mailbox, rest = self._find(call.caller.user), steps[1:]
        elif lowered[0] == "users" and len(steps) > 2:
            mailbox, rest = self._find(steps[1]), steps[2:]
        else:
            raise Refusal(400, "InvalidRequest", "The resource is not one of this tenant.")
        own = mailbox.address == call.caller.user or not call.caller.user
        if not own or not call.caller.may(mailbox, "read"):
            # Delegated permission does not reach another's mailbox here, shared or not.
            # Source: https://learn.microsoft.com/graph/outlook-change-notifications-overview
            raise Refusal(403, "ErrorAccessDenied", "Access is denied. Check credentials.")
        kinds = [step.lower() for step in rest]
        if kinds == ["messages"]:
            return mailbox, None
        if len(rest) == 3 and (kinds[0], kinds[2]) == ("mailfolders", "messages"):
            return mailbox, mailbox.folder(rest[1])
        raise Refusal(400, "InvalidRequest", "The resource cannot be subscribed to.")

    def _expiry(self, text: Any) -> datetime:
        now = self._clock.now()
        expires = moment(str(text))
        if expires <= now:
            raise Refusal(400, "InvalidRequest", "The expirationDateTime has passed.")
        if expires > now + LONGEST + timedelta(seconds=5):
            raise Refusal(
                400,
                "InvalidRequest",
                "Subscription expiration can only be 10080 minutes in the future.",
            )
        return max(expires, now + SHORTEST)

    async def _handshake(self, url: str) -> None:
        token = f"Validation: Testing client application {secrets.token_hex(8)} & ü"
        told = await self._postman.validate(url, token)
        if told:
            raise Refusal(
                400, "ValidationError", f"Subscription validation request failed. {told}"
            )

    def _found(self, call: Call) -> Subscription:
        for one in self._alive():
            if one.id == call.places["subscription"] and one.caller == call.caller:
                return one
        raise Refusal(404, "ResourceNotFound", "The object was not found.")

    def _alive(self) -> list[Subscription]:
        now = self._clock.now()
        for one in list(self._held.values()):
            if one.expires <= now:
                del self._held[one.id]
        return list(self._held.values())

    def _shown(self, one: Subscription) -> Json:
        return {
            "id": one.id,
            "applicationId": "24d3b144-21ae-4080-943f-7067b395b913",
            "creatorId": one.mailbox.user_id,
            **one.shown,
            "expirationDateTime": stamp(one.expires),
        }

    def _envelope(self, one: Subscription) -> Json:
        return {
            "subscriptionId": one.id,
            "subscriptionExpirationDateTime": stamp(one.expires),
            "tenantId": self._tenant,
            "clientState": one.shown.get("clientState"),
        }

    def _change(self, one: Subscription, change: str, item: Item) -> Json:
        key = item.id if one.immutable else item.moving_id
        where = f"Users/{one.mailbox.user_id}/Messages/{key}"
        return {
            **self._envelope(one),
            "changeType": change,
            "resource": where,
            "resourceData": {
                "@odata.type": "#Microsoft.Graph.Message",
                "@odata.id": where,
                "id": key,
            },
        }


def _check(body: Json, *, secure: bool) -> None:
    for name in ("changeType", "notificationUrl", "resource", "expirationDateTime"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise Refusal(400, "InvalidRequest", f"{name} is required.")
    for name in sorted(set(body) - _GIVEN):
        raise Refusal(400, "InvalidRequest", f"'{name}' cannot be set here.")
    if not set(body["changeType"].split(",")) <= _CHANGES:
        raise Refusal(400, "InvalidRequest", "changeType: created, updated, deleted.")
    if len(body.get("clientState") or "") > 128:
        raise Refusal(400, "InvalidRequest", "clientState is longer than 128 characters.")
    for name in ("notificationUrl", "lifecycleNotificationUrl"):
        parts = urlsplit(body.get(name) or "https://")
        # Graph wants HTTPS. A stand-in that speaks none itself lets it be left out on loopback.
        loopback = parts.hostname in {"127.0.0.1", "localhost"}
        if parts.scheme != "https" and (secure or not loopback):
            raise Refusal(400, "InvalidRequest", f"{name} must be an HTTPS address.")

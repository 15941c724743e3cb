"""Webhook subscriptions: the handshake, three days of life, and what is then posted.

Source: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/api-reference/v2.0/
dynamics-subscriptions
"""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from tests.servers.business_central.books import Books, blank
from tests.servers.business_central.schema import Json, Unfit

LIFETIME = timedelta(days=3)
_TRIED_AGAIN = {408, 429, *range(500, 600)}
_SUPPORTED = {"generalLedgerEntries", "customers", "salesInvoices", "salesQuotes", "accounts"}


class Subscriptions:
    """Those of one environment."""

    def __init__(self) -> None:
        self.held: dict[str, Json] = {}

    def create(self, body: Json, companies: list[Books]) -> Json:
        """Create one, once whoever is to be notified has shaken hands.

        Raises:
            Unfit: The address does not answer, or the resource is none.
        """
        books = self._books(str(body.get("resource", "")), companies)
        self._shake_hands(str(body.get("notificationUrl", "")))
        made = blank("subscriptions", subscriptionId=secrets.token_hex(16), **body)
        self.held[made["subscriptionId"]] = made
        return self._stamped(made, books.now)

    def renew(self, held: Json, body: Json, companies: list[Books]) -> Json:
        """Renew one for three days, by another handshake."""
        books = self._books(str(body.get("resource", "")), companies)
        self._shake_hands(str(body.get("notificationUrl", "")))
        held |= body
        return self._stamped(held, books.now)

    def expire(self, now: datetime) -> None:
        """Remove those whose time is up."""
        for key, held in [*self.held.items()]:
            if datetime.fromisoformat(held["expirationDateTime"]) <= now:
                del self.held[key]

    def notify(self, entity: str, now: datetime) -> list[int]:
        """Post that something was created, and return how each subscriber answered."""
        self.expire(now)
        answers = []
        for key, held in [*self.held.items()]:
            told = {
                "subscriptionId": key,
                "clientState": held["clientState"],
                "expirationDateTime": held["expirationDateTime"],
                "resource": f"{held['resource'].lstrip('/')}({entity})",
                "changeType": "created",
                "lastModifiedDateTime": held["lastModifiedDateTime"],
            }
            status, _ = _post(held["notificationUrl"], json.dumps({"value": [told]}).encode())
            answers.append(status)
            if status not in {200, 202, *_TRIED_AGAIN}:
                del self.held[key]
        return answers

    def _shake_hands(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise Unfit("BadRequest", "The notificationUrl must be https.")
        token = secrets.token_urlsafe(16)
        if _post(f"{url}?{urlencode({'validationToken': token})}", b"") != (200, token):
            raise Unfit("BadRequest", "Could not validate the notificationUrl.")

    @staticmethod
    def _books(resource: str, companies: list[Books]) -> Books:
        for books in companies:
            start = f"/api/v2.0/companies({books.id})/"
            if resource.startswith(start) and resource.removeprefix(start) in _SUPPORTED:
                return books
        raise Unfit("BadRequest", f"The resource {resource} is not supported.")

    @staticmethod
    def _stamped(held: Json, now: datetime) -> Json:
        def text(moment: datetime) -> str:
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

        held |= {"lastModifiedDateTime": text(now), "expirationDateTime": text(now + LIFETIME)}
        held["@odata.etag"] = f'W/"{secrets.token_hex(8)}"'
        return held


def _post(url: str, body: bytes) -> tuple[int, str]:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""

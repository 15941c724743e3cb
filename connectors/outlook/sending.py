"""Answers and new mail: as drafts, or sent; the same output never twice.

Each draft carries the id of its output in a property of its own, from the call that makes it
on, and a second one once it is complete. So whoever comes after a crash finds it, in Drafts
or among the sent, and goes on from there.

Sources: https://learn.microsoft.com/graph/api/message-createreply ;
https://learn.microsoft.com/graph/api/resources/extended-properties-overview ;
https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxcmail
(X-Auto-Response-Suppress)
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import Final

from connectors.outlook.attaching import File, attach, check_files
from connectors.outlook.client import Graph, Json, home, literal, part
from connectors.outlook.trouble import AnswerLost, Refused
from flows.errors import DeliveryUnknown, JigajobError, OperatorError, TransientError

_OURS: Final = "{6f3c1f0a-52d7-4e0b-9a3e-5b0a7d1c8e42}"
ID_PROPERTY: Final = f"String {_OURS} Name JigAjobId"
READY_PROPERTY: Final = f"String {_OURS} Name JigAjobReady"
_LOOKS: Final = 5
_SENDS: Final = 3
_ADDRESS: Final = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutMail:
    """A mail to go out: plain text to one address; *automatic* if no person looked at it."""

    to: str
    subject: str
    text: str = field(repr=False)
    automatic: bool = False
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class _Held:
    """What the mailbox holds of an output."""

    id: str
    draft: bool
    ready: bool


class OutlookSender:
    """Puts mail into the Drafts of *address*, or sends it from there."""

    def __init__(self, graph: Graph, address: str) -> None:
        self._graph, self._address = graph, address

    async def draft(self, output_id: str, mail: OutMail, reply_to_native_id: str = "") -> str:
        """Leave the mail as a draft, and return where it is to be found.

        With *reply_to_native_id* it answers that message, if that still exists. A complete
        draft stays as it is, since a person may have changed it.

        Raises:
            OperatorError: The address or a file cannot be used.
            AdministratorError, TransientError: As `Graph.call`; calling again is safe.
        """
        held = await self._prepared(output_id, mail, reply_to_native_id)
        return self._place(held)

    async def send(self, output_id: str, mail: OutMail, reply_to_native_id: str = "") -> str:
        """Send the mail, unless it was sent before, and return where it is to be found.

        Raises:
            OperatorError: The address or a file cannot be used.
            DeliveryUnknown: It left Drafts and is not among the sent.
            AdministratorError, TransientError: Not sent; calling again is safe.
        """
        if not mail.to:
            raise OperatorError("the mail has no recipient", fix="reject it, or answer by hand")
        held = await self._prepared(output_id, mail, reply_to_native_id)
        for _ in range(_SENDS):
            if not held.draft:
                return self._place(held)
            if await self._sent(held):
                return self._place(_Held(held.id, draft=False, ready=True))
            held = await self._found_after_loss(output_id)
        if not held.draft:
            return self._place(held)
        raise TransientError(f"a mail still waits in Drafts of {self._address}")

    async def _sent(self, held: _Held) -> bool:
        """Send the draft; False if nobody can say whether that worked."""
        path = f"{home(self._address)}/messages/{part(held.id)}/send"
        try:
            await self._graph.call(
                "POST",
                self._address,
                path,
                repeatable=False,
                did="send mail",
                permission="Mail.Send",
            )
        except AnswerLost:
            return False
        except Refused as refused:
            if not refused.missing:
                raise
            return False  # an earlier call, or another worker, may have sent it
        return True

    async def _found_after_loss(self, output_id: str) -> _Held:
        """Return what has become of a draft that may have been sent."""
        held: _Held | None = None
        for number in range(_LOOKS):
            await asyncio.sleep(self._graph.first_pause * number)
            try:
                held = await self._find(output_id)
            except JigajobError:
                # Told as such it would be tried again, by somebody who knows of no sending.
                held = None
            if held and not held.draft:
                return held
        if held is None:
            raise DeliveryUnknown(
                f"a mail left Drafts of {self._address} and is not found among the sent",
                fix="look for it in Outlook: approve it again only if it did not go out",
            )
        return held

    async def _prepared(self, output_id: str, mail: OutMail, reply_to: str) -> _Held:
        """Return the complete draft, made where there was none, or what was sent."""
        _check(mail)
        held = await self._find(output_id) or await self._made(output_id, mail, reply_to)
        if not held.draft or held.ready:
            return held
        await attach(self._graph, self._address, held.id, mail.files)
        complete = {**_content(mail), **_properties(output_id, ready=True)}
        await self._write("PATCH", f"/messages/{part(held.id)}", complete)
        return _Held(held.id, draft=True, ready=True)

    async def _made(self, output_id: str, mail: OutMail, reply_to: str) -> _Held:
        first: Json = _properties(output_id, ready=False)
        if mail.automatic:
            # Headers are taken when a message is made, never later, and only of the kind x-;
            # Auto-Submitted of RFC 3834 is refused.
            first["internetMessageHeaders"] = [
                {"name": "X-Auto-Response-Suppress", "value": "All"}
            ]
        try:
            made = await self._new(first, mail, reply_to)
        except AnswerLost:
            for number in range(_LOOKS):
                await asyncio.sleep(self._graph.first_pause * number)
                if held := await self._find(output_id):
                    return held
            raise
        return _Held(str(made["id"]), draft=True, ready=False)

    async def _new(self, first: Json, mail: OutMail, reply_to: str) -> Json:
        if reply_to:
            path = f"/messages/{part(reply_to)}/createReply"
            try:
                return await self._write("POST", path, {"message": first}, repeatable=False)
            except Refused as refused:
                if not refused.missing:
                    raise
        # What it answers is gone: the customer still gets the answer.
        return await self._write(
            "POST", "/messages", {**_content(mail), **first}, repeatable=False
        )

    async def _find(self, output_id: str) -> _Held | None:
        """Return what was sent, else the draft; what a lost answer left over is removed."""
        wanted = f"ep/id eq {literal(ID_PROPERTY)} and ep/value eq {literal(output_id)}"
        ready = f"id eq {literal(READY_PROPERTY)}"
        query = {
            "$filter": f"singleValueExtendedProperties/any(ep: {wanted})",
            "$expand": f"singleValueExtendedProperties($filter={ready})",
            "$select": "id,isDraft",
        }
        path = f"{home(self._address)}/messages"
        rows = [row async for row in self._graph.listed(self._address, path, query)]
        found = [
            _Held(
                str(row["id"]),
                draft=bool(row.get("isDraft")),
                ready=bool(row.get("singleValueExtendedProperties")),
            )
            for row in rows
        ]
        found.sort(key=lambda held: (held.draft, not held.ready, held.id))
        for left_over in found[1:]:
            if left_over.draft and not left_over.ready:
                await self._remove(left_over)
        return found[0] if found else None

    async def _remove(self, held: _Held) -> None:
        try:
            await self._write("DELETE", f"/messages/{part(held.id)}", None)
        except Refused as refused:
            if not refused.missing:
                raise

    async def _write(
        self, method: str, path: str, body: Json | None, *, repeatable: bool = True
    ) -> Json:
        answer = await self._graph.call(
            method,
            self._address,
            home(self._address) + path,
            json=body,
            repeatable=repeatable,
            did="write drafts",
            permission="Mail.ReadWrite",
        )
        return answer.json()

    def _place(self, held: _Held) -> str:
        return f"{'Drafts' if held.draft else 'Sent Items'} of {self._address}"


def _check(mail: OutMail) -> None:
    if mail.to and not _ADDRESS.fullmatch(mail.to):
        raise OperatorError(
            "the mail goes to an address that mail cannot use",
            fix="check who wrote the mail that it answers",
        )
    check_files(mail.files)


def _content(mail: OutMail) -> Json:
    content: Json = {
        "subject": " ".join(mail.subject.split())[:250],
        "body": {"contentType": "text", "content": mail.text},
    }
    if mail.to:
        content["toRecipients"] = [{"emailAddress": {"address": mail.to}}]
    return content


def _properties(output_id: str, *, ready: bool) -> Json:
    properties = [{"id": ID_PROPERTY, "value": output_id}]
    if ready:
        properties.append({"id": READY_PROPERTY, "value": "1"})
    return {"singleValueExtendedProperties": properties}

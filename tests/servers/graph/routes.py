"""Which operation answers which path, what it takes, and what it asks of the caller."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from tests.servers.graph import folders, messages
from tests.servers.graph.wire import Refusal

_KEY = re.compile(r"([A-Za-z]+)\('([^']*)'\)")
_TREE = "mailFolders/{folder}"
_ONE = "messages/{message}"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation on a mailbox. `takes` names the schema of the body, "" for none."""

    method: str
    pattern: str
    operation: Callable[..., Any]
    deed: str = "read"
    takes: str = ""
    is_delta: bool = False
    takes_mime: bool = False


def mailbox_routes(delta: Any, drafts: Any, attachments: Any) -> list[Route]:
    """Return the operations below `/me` and `/users/{id}`, the special before the general."""
    found = [
        Route("GET", ".", messages.get_user),
        Route("POST", "translateExchangeIds", messages.translate, takes="TranslateIds"),
        Route("POST", "sendMail", drafts.send_mail, "send", "SendMail", takes_mime=True),
        Route("GET", "mailFolders", folders.list_top),
        Route("POST", "mailFolders", folders.create_top, "write", "MailFolder"),
        Route("GET", "mailFolders/delta", delta.folders, is_delta=True),
        Route("GET", f"{_TREE}/messages/delta", delta.messages, is_delta=True),
        Route("GET", f"{_TREE}/messages/$count", messages.count_folder),
        Route("GET", "messages/$count", messages.count_all),
        Route("GET", f"{_TREE}/messages", messages.list_folder),
        Route("GET", "messages", messages.list_all),
        Route("GET", f"{_TREE}/childFolders", folders.list_children),
        Route("POST", f"{_TREE}/childFolders", folders.create_child, "write", "MailFolder"),
        Route("POST", f"{_TREE}/move", folders.move, "write", "Move"),
        Route("GET", _TREE, folders.get),
        Route("PATCH", _TREE, folders.update, "write", "MailFolder"),
        Route("POST", f"{_TREE}/permanentDelete", folders.purge, "write"),
        Route("DELETE", _TREE, folders.delete, "write"),
    ]
    for route in (*_writing(drafts), *_on_message(drafts), *_attached(attachments)):
        found += [route, replace(route, pattern=f"{_TREE}/{route.pattern}")]
    return found


def _writing(drafts: Any) -> Iterator[Route]:
    yield Route("POST", "messages", drafts.create, "write", "Message", takes_mime=True)
    for name, answer in (("createReply", drafts.reply), ("createReplyAll", drafts.reply_all)):
        yield Route("POST", f"{_ONE}/{name}", answer, "write", "Reply", takes_mime=True)
    yield Route("POST", f"{_ONE}/send", drafts.send, "send")


def _on_message(drafts: Any) -> Iterator[Route]:
    yield Route("GET", f"{_ONE}/$value", messages.get_mime)
    yield Route("POST", f"{_ONE}/move", messages.move, "write", "Move")
    yield Route("GET", _ONE, messages.get)
    yield Route("PATCH", _ONE, drafts.update, "write", "Message")
    yield Route("POST", f"{_ONE}/permanentDelete", messages.purge, "write")
    yield Route("DELETE", _ONE, messages.delete, "write")


def _attached(attachments: Any) -> Iterator[Route]:
    many, one = f"{_ONE}/attachments", f"{_ONE}/attachments/{{attachment}}"
    session = f"{many}/createUploadSession"
    yield Route("POST", session, attachments.create_session, "write", "UploadRequest")
    yield Route("GET", many, attachments.list_all)
    yield Route("POST", many, attachments.create, "write", "AnyAttachment")
    yield Route("GET", f"{one}/$value", attachments.get_content)
    yield Route("GET", one, attachments.get)
    yield Route("DELETE", one, attachments.delete, "write")


def outer_routes(subscriptions: Any, batch: Any) -> list[Route]:
    """Return the operations beside the mailboxes."""
    one = "subscriptions/{subscription}"
    return [
        Route("POST", "$batch", batch.run, takes="Batch"),
        Route("POST", "subscriptions", subscriptions.create, takes="Subscription"),
        Route("GET", "subscriptions", subscriptions.list_all),
        Route("POST", f"{one}/reauthorize", subscriptions.reauthorize),
        Route("GET", one, subscriptions.get),
        Route("PATCH", one, subscriptions.renew, takes="Subscription"),
        Route("DELETE", one, subscriptions.delete),
    ]


class Router:
    """Finds the route of a path; static steps may be written in any case."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = [(route, route.pattern.split("/")) for route in routes]

    def add(self, routes: list[Route]) -> None:
        self._routes += [(route, route.pattern.split("/")) for route in routes]

    def find(self, method: str, steps: list[str]) -> tuple[Route, dict[str, str]]:
        """Return the route and what stands in its places.

        Raises:
            Refusal: There is no such path, or not with this method.
        """
        other = False
        for route, pattern in self._routes:
            places = _match(pattern, steps)
            if places is None:
                continue
            if route.method == method:
                return route, places
            other = True
        if other:
            raise Refusal(
                405,
                "BadRequest",
                "Specified HTTP method is not allowed for the request target.",
            )
        raise Refusal(400, "BadRequest", "Resource not found for the segment in the path.")


def steps_of(path: str) -> list[str]:
    """Return the decoded steps of a raw path; `messages('x')` counts as `messages/x`."""
    steps: list[str] = []
    for part in path.strip("/").split("/"):
        step = unquote(part)
        keyed = _KEY.fullmatch(step)
        steps += keyed.groups() if keyed else (step,)
    return steps


def _match(pattern: list[str], steps: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(steps):
        return None
    places = {}
    for wanted, step in zip(pattern, steps, strict=True):
        if wanted.startswith("{"):
            places[wanted[1:-1]] = step
        elif wanted.lower() != step.lower().removeprefix("microsoft.graph."):
            return None
    return places

"""Mails of a backlog parsed in a process of its own: one core reads what another stores."""

from __future__ import annotations

import atexit
import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from flows.errors import JigajobError, SkipItem
from flows.intake.own_process import NoAnswer, OwnProcess, answer_requests
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.model import Message

SECONDS: Final = 60.0
"""How long a mail, or some at once, may take to parse."""
LARGEST: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class RawMail:
    """The bytes of a mail and the folder in which they lie."""

    folder: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailParser:
    """Parses mails of one source; `received_by` and `own` as `parse` takes them."""

    source: str
    own: OwnAddresses
    received_by: str = ""

    def here(self, mails: Sequence[RawMail]) -> list[Message | SkipItem]:
        """Return each message, or why it cannot be read, parsed in this process."""
        return [self._parsed(mail) for mail in mails]

    def apart(self, mails: Sequence[RawMail]) -> list[Message | SkipItem]:
        """Return the same as `here`, from the other process; what breaks it costs one mail."""
        try:
            return self._asked(mails)
        except NoAnswer as why:
            if len(mails) == 1:
                told = "takes too long to parse" if why.slow else "broke its parser"
                fix = "it is tried again in every sweep"
                return [SkipItem("failed", f"the mail {told}", fix=fix)]
        return [read for mail in mails for read in self.apart([mail])]

    def _asked(self, mails: Sequence[RawMail]) -> list[Message | SkipItem]:
        request = _Request(
            self.source,
            tuple(self.own.domains),
            tuple(self.own.addresses),
            self.received_by,
            tuple(mail.folder for mail in mails),
            tuple(len(mail.content) for mail in mails),
        )
        asked = (_requests().dump_json(request), b"".join(mail.content for mail in mails))
        answer = MAILS.ask(asked, seconds=SECONDS, most=LARGEST)
        return [parsed.read() for parsed in _answers().validate_json(answer)]

    def _parsed(self, mail: RawMail) -> Message | SkipItem:
        try:
            return parse(
                mail.content,
                source=self.source,
                folder=mail.folder,
                own=self.own,
                received_by=self.received_by,
            )
        except SkipItem as skip:
            return skip
        except JigajobError:
            raise
        except Exception as error:  # noqa: BLE001 - any fault of a parser ends in quarantine
            what = f"the mail could not be parsed ({type(error).__name__})"
            return SkipItem("failed", what, fix="it is tried again in every sweep")


MAILS: Final = OwnProcess("flows.intake.mail_process")
atexit.register(MAILS.close)


def serve() -> None:
    """Answer one request after another until the input ends; for the process alone."""
    answer_requests(2, _answer)


@dataclass(frozen=True, slots=True)
class _Request:
    source: str
    domains: tuple[str, ...]
    addresses: tuple[str, ...]
    received_by: str
    folders: tuple[str, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of one mail: a message, its unread attachments apart, or a reason."""

    message: Message | None = None
    unread: dict[int, str] = field(default_factory=dict)
    skip: tuple[str, str, str] = ("", "", "")

    @classmethod
    def of(cls, read: Message | SkipItem) -> _Answer:
        if isinstance(read, SkipItem):
            return cls(skip=(read.reason, read.what, read.fix))
        unread = {n: base64.b64encode(each).decode() for n, each in read.unread.items()}
        return cls(replace(read, unread={}), unread)

    def read(self) -> Message | SkipItem:
        if self.message is None:
            reason, what, fix = self.skip
            return SkipItem(reason, what, fix=fix)
        if not self.unread:
            return self.message
        unread = {number: base64.b64decode(each) for number, each in self.unread.items()}
        return replace(self.message, unread=unread)


def _answer(asked: bytes, contents: bytes) -> bytes:
    request = _requests().validate_json(asked)
    own = OwnAddresses(request.domains, request.addresses)
    mails, at = [], 0
    for folder, size in zip(request.folders, request.sizes, strict=True):
        mails.append(RawMail(folder, contents[at : at + size]))
        at += size
    parsed = MailParser(request.source, own, request.received_by).here(mails)
    return _answers().dump_json([_Answer.of(read) for read in parsed])


@cache
def _requests() -> TypeAdapter[_Request]:
    return TypeAdapter(_Request)


@cache
def _answers() -> TypeAdapter[list[_Answer]]:
    return TypeAdapter(list[_Answer])

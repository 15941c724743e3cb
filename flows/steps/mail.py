"""`mail.draft`, `mail.send`, `mail.mark`: new mail to one address, and marks on the mail."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Self

from pydantic import Field, JsonValue, field_validator, model_validator

from flows.language.kinds import Wants, one_of
from flows.language.node import Node
from flows.starts import Call, Reached
from flows.steps.clean_text import one_line
from flows.steps.contract import Draft, Step, StepContext, StepResult
from flows.steps.letter import (
    ADDRESS,
    DRAFTED,
    SENT,
    Letter,
    proposed,
    stand_in_problems,
    text_of,
)

_UNSAFE_SOURCE: Final = "its address was read out of the item, where anybody can write one"


class _New(Letter):
    to: Annotated[str, Wants("email")] = Field(
        min_length=1,
        max_length=320,
        description="One plain address: written here, or a field that the flow keeps.",
        examples=["{{ customer.email }}", "parts@supplier.example"],
    )
    subject: str = Field(min_length=1, description="The subject.")

    @field_validator("to")
    @classmethod
    def _plain(cls, to: str) -> str:
        if not ADDRESS.fullmatch(to):
            raise ValueError("give one plain address, without a name")
        return to


class DraftOptions(_New):
    """A draft of a new mail to one address, for a person to send.

    A draft to whoever wrote an automatic mail is not made: nobody would read it.
    """


class SendOptions(_New):
    """A new mail to one address that is sent; with `approve`, once that is given.

    Whoever wrote an automatic mail gets none. An address that stands in the text of the mail
    and is not kept waits for the owner. What no person has approved says in its headers
    that it is automatic.
    """


class MarkOptions(Node):
    """A mark on the mail in its mailbox; nothing else ever changes there."""

    category: str = Field(
        default="",
        max_length=100,
        description="A category (Microsoft 365) or keyword (IMAP) to add.",
        examples=["JigAjob"],
    )
    move_to: str = Field(
        default="",
        max_length=200,
        description="The folder to move it to, by its path.",
        examples=["Inbox/Jobs"],
    )

    @model_validator(mode="after")
    def _any_of(self) -> Self:
        if not (self.category or self.move_to):
            raise ValueError("give 'category', 'move_to', or both")
        return self


def draft(context: StepContext, options: DraftOptions) -> StepResult:
    """Propose the draft, or say why there is none."""
    return _written(context, options, "draft")


def send(context: StepContext, options: SendOptions) -> StepResult:
    """Propose the mail, or say why there is none."""
    return _written(context, options, "send")


def mark(context: StepContext, options: MarkOptions) -> StepResult:
    """Propose the mark."""
    body: dict[str, JsonValue] = {
        "native_id": context.kept.get("mail.native_id", ""),
        "category": options.category,
        "move_to": options.move_to,
    }
    words = [f"as {options.category}"] * bool(options.category)
    words += [f"by moving it to {options.move_to}"] * bool(options.move_to)
    made = Draft(body=body, summary=f"Mark the mail {' and '.join(words)}")
    return StepResult(values={"status": "marked"}, outputs=(made,))


def _written(context: StepContext, options: _New, verb: str) -> StepResult:
    mail, to = context.mail, options.to
    kept = {value.strip().casefold() for value in context.kept.values()}
    if mail is not None and mail.automatic and to.casefold() in kept:
        # RFC 3834 §2: also an answer in a new thread is one, and can go round for ever.
        reason = str(mail.automatic)
        return StepResult(values={"status": "silent", "reason": reason, "subject": ""})
    text, subject = text_of(context, options), one_line(options.subject, 250)
    problems = stand_in_problems(text, subject)
    if to.casefold() not in kept and any(
        to.casefold() in words.casefold() for words in _words(context)
    ):
        problems.append(_UNSAFE_SOURCE)
    body: dict[str, JsonValue] = {"from": "", "to": to, "subject": subject, "text": text}
    named = {"draft": "Draft a mail", "send": "Send a mail"}[verb]
    return proposed(body, problems, verb=verb, summary=f"{named}: {subject}")


def _words(context: StepContext) -> Iterable[str]:
    """Yield all that strangers may have put into the item, and what steps read out of it."""
    if context.mail is not None:
        yield from (context.mail.subject, context.mail.text)
        yield from (each.text for each in context.mail.attachments)
    if context.transaction is not None:
        yield from (context.transaction.reference, context.transaction.counterparty)
    if isinstance(context.start, Call) and context.start.by:
        yield from (each.text for each in context.start.inputs.values())
    if isinstance(context.start, Reached):
        yield str(dict(context.start.body))
    for values in context.results.values():
        yield from (str(value) for value in values.values())


DRAFT: Final = Step(
    uses="mail.draft",
    summary="Drafts a new mail, for a person to send.",
    options=DraftOptions,
    run=draft,
    returns=lambda _: DRAFTED,
)

SEND: Final = Step(
    uses="mail.send",
    summary="Sends a new mail.",
    options=SendOptions,
    run=send,
    returns=lambda _: SENT,
)

MARK: Final = Step(
    uses="mail.mark",
    summary="Marks the mail in its mailbox, or moves it.",
    options=MarkOptions,
    run=mark,
    on=frozenset({"mail"}),
    needs=frozenset({"mail.native_id"}),
    returns=lambda _: {"status": one_of("marked")},
)

"""`reply.draft` and `reply.send`: an answer to whoever wrote; never to a machine."""

from __future__ import annotations

import re
from typing import Final

from pydantic import JsonValue

from flows.steps.clean_text import GAP, one_line, readable
from flows.steps.contract import Step, StepContext, StepResult
from flows.steps.letter import (
    DRAFTED,
    SENT,
    Letter,
    kept_address,
    proposed,
    stand_in_problems,
    text_of,
)

# Re:, RE[2]:, AW:, Antw:, SV:, RV:, Rép.: ; forwards keep theirs, they are another thread.
_PREFIX: Final = re.compile(
    r"^\s*(?:re|aw|antw|sv|rv|r\u00e9p|resp)\.?\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:\uff1a]\s*",
    re.IGNORECASE,
)
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,990}>")
_REFERENCES: Final = 20


class DraftOptions(Letter):
    """A draft that answers the mail, in its thread.

    Automatic mail (newsletters, out-of-office replies, bounces, no-reply senders) is
    answered with silence. The draft goes to the customer who wrote.
    """


class SendOptions(Letter):
    """An answer to the mail, in its thread, that is sent; with `approve`, once that is given.

    Automatic mail (newsletters, out-of-office replies, bounces, no-reply senders) is
    answered with silence. The answer goes to the customer who wrote. What no person has
    approved says in its headers that it is automatic.
    """


def draft(context: StepContext, options: DraftOptions) -> StepResult:
    """Propose the draft, or say why there is none."""
    return _answered(context, options, "draft")


def send(context: StepContext, options: SendOptions) -> StepResult:
    """Propose the answer, or say why there is none."""
    return _answered(context, options, "send")


def _answered(context: StepContext, options: Letter, verb: str) -> StepResult:
    mail = context.mail
    if mail is None or mail.automatic:
        # RFC 3834 §2: no answer to what nobody will read; it is how mail loops begin.
        reason = mail.automatic if mail else "no mail"
        return StepResult(values={"status": "silent", "reason": reason, "subject": ""})
    text = text_of(context, options)
    subject = one_line(options.subject or reply_subject(mail.subject), 250)
    to = kept_address(context, "customer.email")
    in_reply_to, references = _threading(context)
    body: dict[str, JsonValue] = {
        "from": kept_address(context, "mail.own_address"),
        "to": to,
        "subject": subject,
        "text": text,
        "in_reply_to": in_reply_to,
        "references": references,
        "reply_to_trigger": mail.id,
        "reply_to_native": context.kept.get("mail.native_id", ""),
    }
    problems = [] if to else ["the customer's address is not known"]
    problems += stand_in_problems(text, subject)
    named = {"draft": "Draft a reply", "send": "Send a reply"}[verb]
    return proposed(body, problems, verb=verb, summary=f"{named}: {subject}")


def reply_subject(subject: str) -> str:
    """Return the subject of an answer: one `Re:`, and no stand-ins."""
    plain = readable(subject).replace(GAP, " ")
    while match := _PREFIX.match(plain):
        plain = plain[match.end() :]
    plain = re.sub(r"\s+(?=[,.;:!?])", "", one_line(plain, 240))
    return f"Re: {plain or 'your message'}"


def _threading(context: StepContext) -> tuple[str, JsonValue]:
    """The ids that put the answer into its thread; RFC 5322 §3.6.4."""
    found = _MESSAGE_ID.findall(context.kept.get("mail.message_id", ""))
    parent = found[0] if found else ""
    earlier = _MESSAGE_ID.findall(context.kept.get("mail.references", ""))
    chain = [each for each in dict.fromkeys(earlier) if each != parent]
    if len(chain) >= _REFERENCES:
        chain = [chain[0], *chain[2 - _REFERENCES :]]  # the root and the latest find the thread
    return parent, [*chain, parent] if parent else []


_NEEDS: Final = frozenset(
    {
        *("customer.email", "mail.message_id", "mail.references"),
        *("mail.own_address", "mail.native_id"),
    }
)

DRAFT: Final = Step(
    uses="reply.draft",
    summary="Drafts an answer to the customer, for a person to send.",
    options=DraftOptions,
    run=draft,
    on=frozenset({"mail"}),
    needs=_NEEDS,
    returns=lambda _: DRAFTED,
)

SEND: Final = Step(
    uses="reply.send",
    summary="Sends an answer to the customer.",
    options=SendOptions,
    run=send,
    on=frozenset({"mail"}),
    needs=_NEEDS,
    returns=lambda _: SENT,
)

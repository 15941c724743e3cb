"""`reply.draft`: an answer for a person to send; never to a machine."""

from __future__ import annotations

import re
from typing import Final, Self

from pydantic import Field, JsonValue, model_validator

from flows.language.node import Node
from flows.names import step_names
from flows.steps.clean_text import GAP, STAND_IN, one_line, readable
from flows.steps.contract import Draft, Step, StepContext, StepResult

# Re:, RE[2]:, AW:, Antw:, SV:, RV:, Rép.: ; forwards keep theirs, they are another thread.
_PREFIX: Final = re.compile(
    r"^\s*(?:re|aw|antw|sv|rv|r\u00e9p|resp)\.?\s?(?:\[\d{1,3}\]|\(\d{1,3}\))?\s?[:\uff1a]\s*",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"()\[\]@\\]{1,64}@[^\s<>,;:\"()\[\]@\\]{1,255}")
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,990}>")
_REFERENCES: Final = 20


class Options(Node):
    """A draft that answers the mail, in its thread.

    Automatic mail (newsletters, out-of-office replies, bounces, no-reply senders) is
    answered with silence. The draft goes to the customer who wrote.
    """

    template: str = Field(
        default="", description="Name of a template file.", examples=["confirm.txt.j2"]
    )
    text: str = Field(default="", description="The answer itself, instead of a template.")
    subject: str = Field(
        default="", description="Without it: `Re:` and the subject of the mail."
    )

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if bool(self.template) == bool(self.text):
            raise ValueError("give either 'template' or 'text'")
        return self


def run(context: StepContext, options: Options) -> StepResult:
    """Propose the draft, or say why there is none."""
    mail = context.mail
    if mail is None or mail.automatic:
        # RFC 3834 §2: no answer to what nobody will read; it is how mail loops begin.
        reason = mail.automatic if mail else "no mail"
        return StepResult(values={"status": "silent", "reason": reason, "subject": ""})
    text = options.text
    if options.template:
        text = context.render(context.template(options.template), step_names(context))
    subject = one_line(options.subject or reply_subject(mail.subject), 250)
    to = _address(context, "customer.email")
    in_reply_to, references = _threading(context)
    body: dict[str, JsonValue] = {
        "from": _address(context, "mail.own_address"),
        "to": to,
        "subject": subject,
        "text": text,
        "in_reply_to": in_reply_to,
        "references": references,
        "reply_to_trigger": mail.id,
    }
    problems = []
    if not to:
        problems.append("the customer's address is not known")
    if STAND_IN.search(text) or STAND_IN.search(subject):
        problems.append("it holds a stand-in for something that the flow does not keep")
    summary = f"Draft a reply: {subject}"
    if problems:
        body["reasons"] = [*problems]
        summary += f" ({'; '.join(problems)})"
    draft = Draft(body=body, summary=summary, approver="owner" if problems else "")
    return StepResult(
        values={"status": "drafted", "reason": "; ".join(problems), "subject": subject},
        outputs=(draft,),
    )


def reply_subject(subject: str) -> str:
    """Return the subject of an answer: one `Re:`, and no stand-ins."""
    plain = readable(subject).replace(GAP, " ")
    while match := _PREFIX.match(plain):
        plain = plain[match.end() :]
    plain = re.sub(r"\s+(?=[,.;:!?])", "", one_line(plain, 240))
    return f"Re: {plain or 'your message'}"


def _address(context: StepContext, name: str) -> str:
    address = context.kept.get(name, "").strip()
    return address if _ADDRESS.fullmatch(address) else ""


def _threading(context: StepContext) -> tuple[str, JsonValue]:
    """The ids that put the answer into its thread; RFC 5322 §3.6.4."""
    found = _MESSAGE_ID.findall(context.kept.get("mail.message_id", ""))
    parent = found[0] if found else ""
    earlier = _MESSAGE_ID.findall(context.kept.get("mail.references", ""))
    chain = [each for each in dict.fromkeys(earlier) if each != parent]
    if len(chain) >= _REFERENCES:
        chain = [chain[0], *chain[2 - _REFERENCES :]]  # the root and the latest find the thread
    return parent, [*chain, parent] if parent else []


STEP: Final = Step(
    uses="reply.draft",
    summary="Drafts an answer to the customer, for a person to send.",
    options=Options,
    run=run,
    on=frozenset({"mail"}),
    needs=frozenset(
        {"customer.email", "mail.message_id", "mail.references", "mail.own_address"}
    ),
    returns=lambda _: frozenset({"status", "reason", "subject"}),
)

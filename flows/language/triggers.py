"""What a flow runs for, as flows.yaml says it: one model for each kind of trigger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from flows.language.node import Duration, Node, Slug


def _cron(text: str) -> str:
    from flows.language.cron import checked_cron  # noqa: PLC0415 - only schedules pay

    return checked_cron(text)


def _no_number(value: object) -> object:
    # For Python 1 is True; for YAML and JSON Schema it is not.
    return value if isinstance(value, bool) else str(value)


class MailTrigger(Node):
    """Runs the flow for each new mail of a source."""

    mail: Slug = Field(description="Name of a mail source under `sources`.")


class TransactionTrigger(Node):
    """Runs the flow for each new movement of a source of transactions."""

    transaction: Slug = Field(description="Name of such a source under `sources`.")


class OverdueTrigger(Node):
    """Runs the flow once for each invoice that is still owed so long after it was due.

    Not while a proposal that may pay it waits, nor while a source of transactions cannot be
    read: whoever has paid is not to be reminded.
    """

    overdue: Duration = Field(
        description="How long after the due date; an invoice without one is never overdue.",
        examples=["14d"],
    )


class ScheduleTrigger(Node):
    """Runs the flow by the clock: in the first sweep after each time that it names.

    Times are the business's own. One that clocks skip in spring is when they have skipped it,
    one that they show twice in autumn is the first of the two. Where nothing has run for a
    while, only the newest of the times that were missed counts; a schedule that is new starts
    from now.
    """

    schedule: Annotated[str, AfterValidator(_cron)] = Field(
        max_length=100,
        description="Five fields of cron: minute, hour, day of the month, month, day of the"
        " week.",
        examples=["0 8 * * mon-fri"],
    )


class WebhookTrigger(Node):
    """Runs the flow for each signed call of a webhook; `inputs` says what it has to bring."""

    webhook: Slug = Field(description="Name of a source under `sources` that `uses: webhook`.")


class ManualTrigger(Node):
    """Runs the flow when somebody says `jigajob start FLOW`; `inputs` says what to give."""

    manual: Annotated[Literal[True], BeforeValidator(_no_number)] = Field(
        description="Always true."
    )


OutputReached = Literal["waiting", "approved", "sent", "failed", "rejected"]


class OutputRef(Node):
    """The outputs of one step of another flow, in one state."""

    flow: Slug = Field(description="Id of the other flow.", examples=["quote-request"])
    step: Slug = Field(description="Id of a step of it.", examples=["answer"])
    state: OutputReached = Field(
        default="sent", description="What has to have become of the output."
    )


class OutputTrigger(Node):
    """Runs the flow once for each output of another flow's step that reaches a state."""

    output: OutputRef = Field(description="Which outputs.")


TRIGGERS: Final = (
    "mail",
    "transaction",
    "overdue",
    "schedule",
    "webhook",
    "manual",
    "output",
)


def _trigger_word(value: object) -> str | None:
    for word in TRIGGERS:
        if hasattr(value, word) or (isinstance(value, Mapping) and word in value):
            return word
    return None


Trigger = Annotated[
    Annotated[MailTrigger, Tag("mail")]
    | Annotated[TransactionTrigger, Tag("transaction")]
    | Annotated[OverdueTrigger, Tag("overdue")]
    | Annotated[ScheduleTrigger, Tag("schedule")]
    | Annotated[WebhookTrigger, Tag("webhook")]
    | Annotated[ManualTrigger, Tag("manual")]
    | Annotated[OutputTrigger, Tag("output")],
    Discriminator(_trigger_word),
]

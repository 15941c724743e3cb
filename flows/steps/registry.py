"""Every kind of step, by its name in flows.yaml. Light: the command line imports it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flows.steps import (
    event,
    extract,
    file,
    invoice,
    job,
    mail,
    notify,
    payment,
    reply,
    row,
    sale,
    task,
    teams,
    webhook,
)
from flows.steps.contract import Step

_ALL: Final = (
    extract.STEP,
    job.STEP,
    reply.DRAFT,
    reply.SEND,
    mail.DRAFT,
    mail.SEND,
    mail.MARK,
    invoice.STEP,
    sale.QUOTE,
    sale.INVOICE,
    payment.STEP,
    event.STEP,
    task.STEP,
    row.STEP,
    file.STEP,
    notify.STEP,
    teams.STEP,
    webhook.STEP,
)

STEPS: Final[Mapping[str, Step]] = MappingProxyType({step.uses: step for step in _ALL})
"""The steps, in the order of the reference."""

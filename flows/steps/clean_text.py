"""The clean text of an item, as the steps that read it need it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Final

from flows.model import Attachment
from flows.starts import Call
from flows.steps.contract import StepContext

STAND_IN: Final = re.compile(r"<[A-Z][A-Z0-9_]{0,40}>")
"""What the cleaner leaves in place of what it took out: `<PERSON_1>`, `<PHONE_2>`."""

GAP: Final = " \ufffc "
"""Put where a stand-in stood, so that its number is never read as a value."""

_SIZE_LIMIT: Final = 200_000


def readable(text: str) -> str:
    """Return *text* without stand-ins, in compatibility form, at most 200,000 characters.

    Full-width digits and no-break spaces come out as plain ones; lines stay lines.
    """
    plain = unicodedata.normalize("NFKC", STAND_IN.sub(GAP, text[:_SIZE_LIMIT]))
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def own_words(context: StepContext) -> list[str]:
    """Return the texts that the sender wrote this time, subject first; no quotes."""
    if context.mail is not None:
        return [readable(context.mail.subject), readable(context.mail.new_text)]
    if context.transaction is not None:
        return [readable(context.transaction.reference)]
    if isinstance(context.start, Call):
        texts = [each.text for each in context.start.inputs.values() if each.kind == "text"]
        return [readable(text) for text in texts]
    return []


def documents(context: StepContext) -> list[Attachment]:
    """Return the attachments in which text was found, that text made readable."""
    if context.mail is None:
        return []
    return [
        replace(each, text=text)
        for each in context.mail.attachments
        if (text := readable(each.text)).strip()
    ]


def one_line(text: str, limit: int = 500) -> str:
    """Return *text* on one line of at most *limit* characters, without control characters."""
    # Cc: controls, Cf: direction and width tricks, Cs: halves of characters, Zl/Zp: line ends.
    kept = (
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text[: 8 * limit]
        if unicodedata.category(char) not in {"Cf", "Cs"}
    )
    return " ".join("".join(kept).split())[:limit].rstrip()


def lines(text: str, limit: int) -> str:
    """Return *text* as lines, without control characters; at most *limit* characters.

    What any program takes for a line end is one, so that no line can pass for two.
    """
    # splitlines knows them all: vertical tab, form feed, separators, next line, U+2028.
    kept = (
        "".join(char for char in line if unicodedata.category(char) not in {"Cc", "Cs"})
        for line in text[:limit].replace("\t", " ").splitlines()
    )
    return "\n".join(line.rstrip() for line in kept).strip()

"""Over real cleaning: what is said of a stored mail is what the raw mail itself gives."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.stand_ins import Roster
from flows.errors import OperatorError, SkipItem
from flows.intake.cleaning import clean_message, message_request
from flows.intake.parse import parse
from flows.intake.parties import OwnAddresses
from flows.language.expressions import compile_condition
from flows.language.load import load
from flows.language.spec import FlowsFile
from flows.model import Message
from flows.names import message_names
from flows.plan.stored import stored_names
from flows.plan.truth import Judge, Truth
from tests.test_samples import ROOT, contents

CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", ROOT / "../shared/data")).resolve()
MAILS = int(os.environ.get("JIGAJOB_MAILS", "15"))
"""Mails of each mailbox: a few by default; the long form takes 150."""
WORDS = [
    "boiler",
    "quote",
    "cancel",
    "the",
    "st",
    "ann",
    "street",
    "call",
    "re",
    "please",
    "on",
]
FILE = load(ROOT / "flows.yaml")
CONDITIONS = (
    [text for flow in FILE.flows for text in flow.conditions]
    + [f"mail.{part} | mentions('{w}')" for w in WORDS for part in ("text", "new_text")]
    + [f"not mail.subject | lower | mentions('{word}')" for word in WORDS]
    + [f"(mail.subject ~ ' ' ~ mail.text) | mentions('{word}')" for word in WORDS]
    + [f"'{word}' in mail.new_text" for word in WORDS]
    + [f"mail.{part}.startswith('{p}')" for part in ("subject", "new_text") for p in ("H", "R")]
    + [f"mail.{part}.endswith('{p}')" for part in ("subject", "text") for p in ("?", "e", "y")]
    + ["mail.subject == ''", "mail.text | length > 200", "mail.folder == 'Inbox'"]
    + ["mail.attachments | length > 0", "mail.has_attachments and mail.attachments[0].size > 9"]
    + ["mail.attachments[0].name.endswith('.pdf')", "mail.sender.name or mail.subject"]
    + ["mail.automatic == '' and mail.sender.email.endswith('.example')"]
)


def told_wrong(
    messages: Iterable[Message], cleaner: Cleaner, file: FlowsFile
) -> tuple[Counter[Truth], list[str]]:
    """Return how many answers there are of each kind, and the conditions told wrong."""
    own = OwnAddresses(file.business.domains, file.business.addresses)
    judges = [(Judge(text), compile_condition(text)) for text in CONDITIONS]
    answers: Counter[Truth] = Counter()
    wrong: list[str] = []
    for message in messages:
        request = message_request(
            message,
            business=file.business,
            own=own,
            keep=frozenset(),
            roster=Roster(b"key", {}),
        )
        (cleaned,) = cleaner.clean([request])
        clean = clean_message(message, cleaned, keep=frozenset(), own=own)
        stored = stored_names(clean, file.business, {})
        raw = {"business": file.business.model_dump(), "mail": message_names(message)}
        for judge, condition in judges:
            try:
                held = Truth.YES if condition(raw) else Truth.NO
            except OperatorError:
                held = Truth.FAILS
            said = judge(stored).truth
            answers[said] += 1
            if said not in (Truth.OPEN, held):
                wrong.append(f"{judge.text}: {said.value}, but {held.value}")
    return answers, wrong


def parsed(raws: Iterable[bytes]) -> Iterable[Message]:
    own = OwnAddresses(FILE.business.domains, FILE.business.addresses)
    for raw in raws:
        try:
            yield parse(raw, source="office", folder="Inbox", own=own)
        except SkipItem:
            continue


def test_no_answer_over_the_sample_mailbox_is_wrong(cleaner: Cleaner) -> None:
    """Yes and no are certain; and not everything is `not known`."""
    every = sorted(contents().items())
    some = [raw for _, raw in every[:: max(1, len(every) // (3 * MAILS))]]
    answers, wrong = told_wrong(parsed(some), cleaner, FILE)
    assert wrong == []
    assert answers[Truth.YES] + answers[Truth.NO] > answers[Truth.OPEN] > 0


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("corpus", ["enron-berkeley", "spamassassin"])
def test_no_answer_over_mail_of_others_is_wrong(cleaner: Cleaner, corpus: str) -> None:
    """The same of mail that nobody wrote for us."""
    folder = CORPORA / corpus
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    # Beside each mail of one corpus lies a file of labels.
    every = (path for path in folder.rglob("*") if path.is_file())
    files = sorted(path for path in every if path.suffix != ".cats")
    chosen = files[:: max(1, len(files) // MAILS)][:MAILS]
    answers, wrong = told_wrong(parsed(p.read_bytes() for p in chosen), cleaner, FILE)
    assert wrong == []
    assert answers[Truth.YES] + answers[Truth.NO] > 5 * MAILS

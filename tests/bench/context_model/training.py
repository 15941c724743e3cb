"""Trains the network on marked texts and plain mail, and writes what it has learnt."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from anonymizer.text.context_model import CLASSES, LONGEST
from anonymizer.text.wordpieces import END, START
from tests.bench.context_model.network import classifier
from tests.bench.context_model.plain_mail import plain_mails
from tests.bench.context_model.texts import (
    EITHER,
    LEARNT,
    Numbered,
    among_friends,
    marked,
    numbered,
    varied,
    vocabulary,
)
from tests.bench.libraries import library
from tests.bench.steps import say

AT_ONCE: Final = 3_000
"""Pieces of a batch."""

WARM_UP: Final = 60
"""Steps until the full rate; from then on it falls in a line."""

NEW_FASTER: Final = 5
"""How much faster the classes, which begin at nothing, are learnt than what MiniLM knows."""

_SAID_EVERY: Final = 50

TONE_WEIGHS: Final = 0.3
"""What a wrong tone of a text costs beside wrong classes of its pieces.

Learnt on the side, and not exported: it tells invented mail among friends from invented
business without fail, and real mail worse than the signs of `flows/intake` do (39 % of what
is personal at 2 % of company mail, against 46 % at 1.2 %).
"""

Piece = tuple[list[int], list[int], int]
"""Pieces that are read at once, the class of each, and the tone: personal 1, business 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train: times through all texts, of public mails so many at most.

    *start* is a state to go on from; without one the weights are those of MiniLM.
    """

    epochs: int = 5
    rate: float = 2e-4
    mails: int = 700
    seed: int = 1
    start: Path | None = None


def train(out: Path, plan: Plan) -> None:
    """Train and write the state of the network to *out* after each time through.

    Raises:
        OperatorError: a library that only training needs is not installed.
        LabelError: a marked text is not right.
    """
    torch = library("torch")
    random = Random(plan.seed)
    torch.manual_seed(plan.seed)
    texts = [*marked(LEARNT), *among_friends()]
    texts += plain_mails(plan.mails, plan.seed) if plan.mails else ()
    say(f"{len(texts):,} texts")
    network = classifier(len(CLASSES))
    if plan.start:
        network.load_state_dict(torch.load(plan.start))
    learner = Learner(torch, network, plan.rate)
    pieces = vocabulary()
    for epoch in range(1, plan.epochs + 1):
        parts = [
            part for text in texts for part in in_parts(numbered(varied(text, random), pieces))
        ]
        batches = list(in_batches(parts, random))
        learner.steps = learner.steps or len(batches) * plan.epochs
        began, losses = time.monotonic(), list[float]()
        for done, batch in enumerate(batches, 1):
            losses.append(learner.step(batch))
            if done % _SAID_EVERY == 0:
                recent, passed = losses[-_SAID_EVERY:], time.monotonic() - began
                mean = sum(recent) / len(recent)
                say(f"epoch {epoch}: {done} of {len(batches)}, loss {mean:.4f}, {passed:.0f} s")
        torch.save(network.state_dict(), out)


def in_parts(given: Numbered) -> Iterator[Piece]:
    """Yield pieces and classes of *given*, as many at a time as are read at once."""
    most = LONGEST - 2
    tone = EITHER if given.personal is None else int(given.personal)
    for start in range(0, len(given.pieces), most):
        end = start + most
        # The tone is heard in how a mail begins.
        yield given.pieces[start:end], given.classes[start:end], EITHER if start else tone


def in_batches(parts: Sequence[Piece], random: Random) -> Iterator[list[Piece]]:
    """Yield all *parts* in batches of like length, the batches in any order."""
    batches: list[list[Piece]] = [[]]
    for part in sorted(parts, key=lambda part: len(part[0]) + random.random() * 4):
        if batches[-1] and (len(batches[-1]) + 1) * (len(part[0]) + 2) > AT_ONCE:
            batches.append([])
        batches[-1].append(part)
    random.shuffle(batches)
    yield from (batch for batch in batches if batch)


class Learner:
    """Changes *network* step by step; the rate rises, then falls in a line over `steps`."""

    def __init__(self, torch: Any, network: Any, rate: float) -> None:
        self._torch, self._network = torch, network
        self._rates = (rate * NEW_FASTER, rate)
        new = [*network.classes.parameters(), *network.tone.parameters()]
        old = [
            parameter
            for name, parameter in network.named_parameters()
            if parameter.requires_grad and not name.startswith(("classes.", "tone."))
        ]
        self._adam = torch.optim.AdamW([{"params": new}, {"params": old}], weight_decay=0.01)
        self._done = 0
        self.steps = 0

    def step(self, batch: Sequence[Piece]) -> float:
        """Learn *batch* at once; return the loss before."""
        torch = self._torch
        rising, falling = self._done / WARM_UP, 1 - self._done / self.steps
        for group, rate in zip(self._adam.param_groups, self._rates, strict=True):
            group["lr"] = rate * min(1.0, rising) * max(0.02, falling)
        pieces, classes, lengths, tones = tensors(torch, batch)
        self._network.train()
        scores, heard = self._network(pieces, lengths)
        functional = torch.nn.functional
        told = (classes != EITHER).sum().clamp(min=1)
        loss = functional.cross_entropy(
            scores.flatten(0, 1), classes.flatten(), ignore_index=EITHER, reduction="sum"
        )
        loss /= told
        known = tones != EITHER
        if known.any():
            wrong = functional.binary_cross_entropy_with_logits(
                heard[known], tones[known].float()
            )
            loss += TONE_WEIGHS * wrong
        self._adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._adam.step()
        self._done += 1
        return float(loss.detach())


def tensors(torch: Any, batch: Sequence[Piece]) -> tuple[Any, Any, Any, Any]:
    """Return pieces, classes, lengths and tones of *batch*, as the network takes them."""
    longest = max(len(pieces) for pieces, _, _ in batch) + 2
    numbers = torch.zeros(len(batch), longest, dtype=torch.long)
    classes = torch.full((len(batch), longest), EITHER)
    for row, (pieces, said, _) in enumerate(batch):
        numbers[row, : len(pieces) + 2] = torch.tensor([START, *pieces, END])
        classes[row, 1 : len(pieces) + 1] = torch.tensor(said)
    lengths = torch.tensor([len(pieces) + 2 for pieces, _, _ in batch])
    return numbers, classes, lengths, torch.tensor([tone for _, _, tone in batch])

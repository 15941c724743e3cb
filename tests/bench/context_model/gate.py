"""Trains the gate: which sentences are worth reading, told from what the small network sees.

A sentence counts as a whole: its most telling word must open it where something private is
marked, or where the large network sees something in public mail, and no word else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.text.context_model import ContextModel
from anonymizer.text.engine import NameModel
from anonymizer.text.gold import Mark
from anonymizer.text.passages import OFFSETS, Gate, sentence_ends
from anonymizer.text.tokens import tokens
from anonymizer.text.view import readable
from tests.bench.context_model.texts import CHOSEN_BY, EITHER, LEARNT, Marked, class_of, marked
from tests.bench.libraries import library
from tests.bench.name_model.teachers import public_texts
from tests.bench.steps import say

HIDDEN: Final = 64
EPOCHS: Final = 8
AT_ONCE: Final = 512
"""Sentences of a batch."""

MAILS: Final = 700
LONGEST: Final = 2_500
SEEN: Final = 0.3
"""From which score on what the large network sees in public mail makes a sentence telling."""

PRIVATE_WEIGHS: Final = 3.0
_BY_OTHER_RULES: Final = "PERSON"

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The features of the words of one sentence, and whether it is worth reading."""

    seen: Array
    telling: bool


def train_gate(out: Path) -> None:
    """Train the gate and write its weights to *out*; say what it opens.

    Raises:
        OperatorError: a library that only training needs is not installed, or no public mail.
    """
    model = NameModel()
    model.load()
    own = list(_sentences(model, list(marked(LEARNT))))
    aside = list(_sentences(model, list(marked([CHOSEN_BY]))))
    mails = list(_sentences(model, list(_public())))
    cut = len(mails) * 3 // 4
    say(f"{len(own):,} sentences of marked texts, {len(mails):,} of public mail")
    np.savez_compressed(out, **_learnt([*own, *mails[:cut]]))
    _say_what_opens(Gate(out), aside, mails[cut:])


def _public() -> Iterator[Marked]:
    """Yield public mails, marked where the large network sees something private."""
    network = ContextModel()
    for text in public_texts(MAILS, 2, LONGEST):
        (found,) = network.read([(text, 0, len(text))])
        told = (f for f in found if f.score >= SEEN)
        marks = [Mark("text", f.start, f.end, "out", f.label) for f in told]
        yield Marked(text, tuple(marks))


def _sentences(model: NameModel, texts: Sequence[Marked]) -> Iterator[Sentence]:
    for first in range(0, len(texts), 64):
        batch = texts[first : first + 64]
        cut = [tokens(readable(text.text)) for text in batch]
        read = model.classes.read([words for words, _ in cut])
        for text, (_, starts), (_, seen) in zip(batch, cut, read, strict=True):
            yield from _cut(text, np.array(starts), seen)


def _cut(text: Marked, starts: NDArray[np.int64], seen: Array) -> Iterator[Sentence]:
    telling = [
        mark.start
        for mark in text.marks
        if mark.kind in {"minor", "out"}
        and mark.name != _BY_OTHER_RULES
        and class_of(mark) != EITHER
    ]
    ends = [0, *sentence_ends(text.text), len(text.text)]
    for low, high in pairwise(ends):
        inside = (starts >= low) & (starts < high)
        if inside.any():
            yield Sentence(seen[inside], any(low <= place < high for place in telling))


def _learnt(sentences: Sequence[Sentence]) -> dict[str, Array]:
    torch = library("torch")
    torch.manual_seed(1)
    random = np.random.default_rng(1)
    network = _network(torch, sentences[0].seen.shape[1])
    adam = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=0.02)
    weigh = torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(PRIVATE_WEIGHS))
    for epoch in range(1, EPOCHS + 1):
        for group in adam.param_groups:
            group["lr"] = 2e-3 * (1 - (epoch - 1) / EPOCHS)
        order, losses = random.permutation(len(sentences)), list[float]()
        for batch in np.array_split(order, max(1, len(order) // AT_ONCE)):
            scores = _most(torch, network, [sentences[i].seen for i in batch])
            loss = weigh(scores, torch.tensor([float(sentences[i].telling) for i in batch]))
            adam.zero_grad()
            loss.backward()
            adam.step()
            losses.append(float(loss.detach()))
        say(f"epoch {epoch} of {EPOCHS}: loss {sum(losses) / len(losses):.4f}")
    return _as_arrays(network)


def _network(torch: Any, width: int) -> Any:
    """Return the layers of `Gate`, to learn: convolutions whose outputs compete in pairs."""
    nn = torch.nn

    class Learns(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            widths = (width, *[HIDDEN] * len(OFFSETS))
            self.layers = nn.ModuleList(
                nn.Conv1d(wide, 2 * HIDDEN, 3, padding=offset, dilation=offset)
                for wide, offset in zip(widths, OFFSETS, strict=False)
            )
            self.dropout, self.last = nn.Dropout(0.2), nn.Linear(HIDDEN, 1)

        def forward(self, x: Any, mask: Any) -> Any:
            for layer in self.layers:
                x = layer(self.dropout(x) * mask)
                x = torch.maximum(x[:, ::2], x[:, 1::2])
            return self.last(self.dropout(x).transpose(1, 2))[..., 0]

    return Learns()


def _most(torch: Any, network: Any, seen: Sequence[Array]) -> Any:
    """Return of each sentence the score of its most telling word."""
    longest = max(len(each) for each in seen)
    x = np.zeros((len(seen), seen[0].shape[1], longest), np.float32)
    mask = np.zeros((len(seen), 1, longest), np.float32)
    for i, each in enumerate(seen):
        x[i, :, : len(each)] = each.T
        mask[i, :, : len(each)] = 1
    given = torch.from_numpy(mask)
    scores = network(torch.from_numpy(x), given)
    return scores.masked_fill(given[:, 0] == 0, -1e9).max(1).values


def _as_arrays(network: Any) -> dict[str, Array]:
    found = {
        "O": network.last.weight.detach().numpy()[0].astype(np.float16),
        "o": network.last.bias.detach().numpy(),
    }
    for i, layer in enumerate(network.layers):
        # A convolution holds outputs, inputs, places; the gate multiplies places and inputs.
        weights = layer.weight.detach().numpy().transpose(2, 1, 0)
        found[f"W{i}"] = weights.reshape(-1, weights.shape[2]).astype(np.float16)
        found[f"b{i}"] = layer.bias.detach().numpy()
    return found


def _say_what_opens(gate: Gate, aside: Sequence[Sentence], mails: Sequence[Sentence]) -> None:
    own = np.array([gate.scores(s.seen).max() for s in aside if s.telling])
    real = np.array([gate.scores(s.seen).max() for s in mails])
    words = np.array([len(s.seen) for s in mails])
    telling = np.array([s.telling for s in mails])
    share = words[telling].sum() / words.sum()
    say(f"of the words of mail {share:.3f} are in telling sentences")
    for least in np.arange(-4, 1.1, 0.5):
        read = words[real >= least].sum() / words.sum()
        found, also = (own >= least).mean(), (real[telling] >= least).mean()
        say(
            f"from {least:+.1f}: {found:.3f} of private sentences, {also:.3f} of telling ones"
            f" of mail, {read:.3f} of words of mail"
        )

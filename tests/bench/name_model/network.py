"""The network of `anonymizer.text.token_classes` with what learning needs: its gradients.

The forward pass is that of `TokenClasses`, but keeps what the backward pass reads; a test holds
the two together. Shapes: tokens T, width D, pieces of maxout 3, classes C, letter groups B.

    gram   (B, D)        vectors of letter groups, their mean is added to the word's own
    W, b   (3, 3D, D)    of layer i: the token with its two neighbours, three pieces
    G, c   (D,)          of layer i: scale and shift after normalising
    H, h   (2D, D)       hidden layer over the last layer and the words themselves
    O, o   (D, C)        scores of the classes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from anonymizer.text.token_classes import CLASSES, OFFSETS, with_neighbours

Array = NDArray[np.floating[Any]]
Parameters = dict[str, Array]

PIECES: Final = 3
_SMALL: Final = 1e-8


@dataclass(frozen=True, slots=True)
class Batch:
    """Tokens of several texts in one row, with gaps between texts.

    Attributes:
        words: (T, D) the embedding of each token; zeros in gaps.
        groups: Letter groups of all tokens, one after the other.
        bounds: (T + 1) where in *groups* those of each token begin.
        mask: (T, 1) one for tokens, zero in gaps.
        classes: (T,) the class of each token.
        weights: (T,) how much each token counts; zero in gaps.
    """

    words: Array
    groups: NDArray[np.intp]
    bounds: NDArray[np.intp]
    mask: Array
    classes: NDArray[np.intp]
    weights: Array


@dataclass(slots=True)
class _Layer:
    """What the backward pass needs of one layer."""

    seen: Array
    winner: NDArray[np.intp]
    normal: Array
    inverse: Array
    kept: Array | None


def fresh(layers: Sequence[tuple[Array, ...]], groups: int, seed: int) -> Parameters:
    """Return parameters to start from: *layers* as given, as (W, b, G, c), the rest random."""
    random = np.random.default_rng(seed)
    width = layers[0][2].shape[0]
    p: Parameters = {}
    for i, given in enumerate(layers):
        p |= {f"{name}{i}": np.array(each) for name, each in zip("WbGc", given, strict=True)}
    for i in range(len(layers), len(OFFSETS)):
        p[f"W{i}"] = random.normal(0, 0.06, (PIECES, 3 * width, width))
        p[f"b{i}"] = np.zeros((PIECES, width))
        p[f"G{i}"], p[f"c{i}"] = np.full(width, 0.1), np.zeros(width)
    p["gram"] = random.normal(0, 0.02, (groups, width))
    p["H"], p["h"] = random.normal(0, 0.1, (2 * width, width)), np.zeros(width)
    p["O"], p["o"] = np.zeros((width, len(CLASSES))), np.zeros(len(CLASSES))
    return {name: value.astype(np.float32) for name, value in p.items()}


class Network:
    """Probabilities, loss and gradients for the parameters *p*, in the precision of these."""

    def __init__(self, p: Parameters) -> None:
        self.p = p

    def probabilities(self, batch: Batch) -> Array:
        """Return (T, C) what each token is."""
        return self._forward(batch, 0.0, None)[0]

    def loss_and_gradients(
        self, batch: Batch, dropout: float = 0.0, random: np.random.Generator | None = None
    ) -> tuple[float, Parameters]:
        """Return the mean cross-entropy per weight, and its gradient by each parameter."""
        probable, layers, both, before = self._forward(batch, dropout, random)
        rows, total = np.arange(len(probable)), batch.weights.sum() + 1e-6
        loss = -(batch.weights * np.log(probable[rows, batch.classes] + 1e-9)).sum() / total
        wrong = probable.copy()
        wrong[rows, batch.classes] -= 1
        wrong *= (batch.weights / total)[:, None]
        g, x, words = self._heads(wrong, both, before)
        x, words = x * batch.mask, words * batch.mask
        for i in reversed(range(len(layers))):
            gradient = self._layer_back(x, layers[i], i, g)
            x = (x + gradient) * batch.mask
        g["gram"] = self._groups_back(words + x, batch)
        return float(loss), g

    def _forward(
        self, batch: Batch, dropout: float, random: np.random.Generator | None
    ) -> tuple[Array, list[_Layer], Array, Array]:
        p = self.p
        words = (batch.words + self._spelled(batch)) * batch.mask
        x, layers = words, list[_Layer]()
        for i in range(len(OFFSETS)):
            more, layer = self._layer(x, i)
            if dropout and random is not None:
                kept = random.random(more.shape, dtype=np.float32) > dropout
                layer.kept = kept.astype(x.dtype) / (1 - dropout)
                more = more * layer.kept
            layers.append(layer)
            x = (x + more) * batch.mask
        both = np.concatenate([x, words], 1)
        before = both @ p["H"] + p["h"]
        scores = np.maximum(before, 0) @ p["O"] + p["o"]
        scores = np.exp(scores - scores.max(1, keepdims=True))
        return scores / scores.sum(1, keepdims=True), layers, both, before

    def _layer(self, x: Array, i: int) -> tuple[Array, _Layer]:
        p, seen = self.p, with_neighbours(x, OFFSETS[i])
        pieces = np.stack([seen @ p[f"W{i}"][k] + p[f"b{i}"][k] for k in range(PIECES)])
        most = pieces.max(0)
        most = most - most.mean(1, keepdims=True)
        inverse = 1 / np.sqrt((most * most).mean(1, keepdims=True) + _SMALL)
        normal = most * inverse
        layer = _Layer(seen, pieces.argmax(0), normal, inverse, None)
        return normal * p[f"G{i}"] + p[f"c{i}"], layer

    def _heads(
        self, wrong: Array, both: Array, before: Array
    ) -> tuple[Parameters, Array, Array]:
        """Return gradients of the two last layers, of the last convolution, of the words."""
        g: Parameters = {"O": np.maximum(before, 0).T @ wrong, "o": wrong.sum(0)}
        back = (wrong @ self.p["O"].T) * (before > 0)
        g["H"], g["h"] = both.T @ back, back.sum(0)
        x, words = np.split(back @ self.p["H"].T, 2, axis=1)
        return g, x, words

    def _layer_back(self, x: Array, layer: _Layer, i: int, g: Parameters) -> Array:
        """Put the gradients of layer *i* into *g*; return that of what went into it."""
        if layer.kept is not None:
            x = x * layer.kept
        g[f"G{i}"], g[f"c{i}"] = (x * layer.normal).sum(0), x.sum(0)
        x = x * self.p[f"G{i}"]
        along = (x * layer.normal).mean(1, keepdims=True)
        x = layer.inverse * (x - x.mean(1, keepdims=True) - layer.normal * along)
        pieces = [x * (layer.winner == k) for k in range(PIECES)]
        g[f"W{i}"] = np.stack([layer.seen.T @ piece for piece in pieces])
        g[f"b{i}"] = np.stack([piece.sum(0) for piece in pieces])
        weights = self.p[f"W{i}"]
        seen = sum(piece @ weights[k].T for k, piece in enumerate(pieces))
        return _without_neighbours(np.asarray(seen), OFFSETS[i])

    def _spelled(self, batch: Batch) -> Array:
        """Return for each token the mean vector of its letter groups, zero without any."""
        counts = np.diff(batch.bounds)
        rows = np.vstack([self.p["gram"][batch.groups], np.zeros_like(self.p["gram"][:1])])
        sums = np.add.reduceat(rows, batch.bounds[:-1], axis=0)
        sums[counts == 0] = 0
        means: Array = sums / np.maximum(counts, 1)[:, None].astype(sums.dtype)
        return means

    def _groups_back(self, words: Array, batch: Batch) -> Array:
        counts = np.diff(batch.bounds)
        gradient = np.zeros_like(self.p["gram"])
        shares = words / np.maximum(counts, 1)[:, None].astype(words.dtype)
        np.add.at(gradient, batch.groups, np.repeat(shares, counts, axis=0))
        return gradient


class Adam:
    """Changes parameters in place, against their gradients, which are clipped to length one.

    Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015.
    """

    def __init__(self, p: Parameters, rates: dict[str, float], decay: float = 1e-5) -> None:
        self._p, self._rates, self._decay = p, rates, decay
        self._mean = {name: np.zeros_like(value) for name, value in p.items()}
        self._square = {name: np.zeros_like(value) for name, value in p.items()}
        self._steps = 0

    def step(self, gradients: Parameters, rate: float) -> None:
        """Go one step of *rate*, times the rate of each parameter."""
        self._steps += 1
        length = float(np.sqrt(sum(float((g * g).sum()) for g in gradients.values())))
        scale = min(1.0, 1 / (length + 1e-6))
        for name, gradient in gradients.items():
            clipped = gradient * scale
            mean, square, p = self._mean[name], self._square[name], self._p[name]
            mean += 0.1 * (clipped - mean)
            square += 0.001 * (clipped * clipped - square)
            change = mean / (1 - 0.9**self._steps)
            change /= np.sqrt(square / (1 - 0.999**self._steps)) + _SMALL
            p -= rate * self._rates[name] * (change + self._decay * p)


def _without_neighbours(seen: Array, offset: int) -> Array:
    """Return (T, D): the gradient of *x* from that of `with_neighbours(x)`."""
    before, x, behind = np.split(seen, 3, axis=1)
    x = x.copy()
    x[:-offset] += before[offset:]
    x[offset:] += behind[:-offset]
    return x

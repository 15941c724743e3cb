"""Writes the trained network as the cleaner loads it: ONNX, eight bits a weight."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from anonymizer.text.context_model import CLASSES
from tests.bench.context_model.network import classifier
from tests.bench.libraries import library
from tests.bench.steps import say


def export(state: Path, out: Path) -> None:
    """Write the network of *state* to *out*, without its dropout, with probabilities.

    Raises:
        OperatorError: a library that only training needs is not installed.
    """
    torch = library("torch")
    quantization = library("onnxruntime.quantization")
    network = classifier(len(CLASSES))
    network.load_state_dict(torch.load(state))
    network.eval()
    example = torch.randint(1000, 20_000, (4, 64)), torch.full((4,), 64)
    texts, longest = {0: "texts"}, {0: "texts", 1: "longest"}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _probabilities(torch, network),
            example,
            str(whole),
            input_names=["pieces", "lengths"],
            output_names=["classes"],
            dynamic_axes={
                "pieces": longest,
                "lengths": texts,
                "classes": longest,
                "tone": texts,
            },
            opset_version=17,
            dynamo=False,
        )
        quantization.quantize_dynamic(
            str(whole), str(out), weight_type=quantization.QuantType.QInt8, per_channel=True
        )
    say(f"{out}: {out.stat().st_size / 1e6:.1f} MB")


def _probabilities(torch: Any, network: Any) -> Any:
    class Probabilities(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, pieces: Any, lengths: Any) -> Any:
            classes, _ = self.network(pieces, lengths)
            return classes.softmax(-1)

    return Probabilities()

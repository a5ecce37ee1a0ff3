"""Models that are converted, and examples for them."""

from typing import Any

import numpy as np

from autograd import TABLE, Value, relu
from nn import (
    GPT,
    MLP,
    Dropout,
    Embedding,
    Layer,
    LayerNorm,
    LearnedPositions,
    Module,
    MultiHeadAttention,
    Neuron,
    Parameter,
    Projection,
    RMSNorm,
    Sequential,
    SinusoidalPositions,
    log_softmax,
    softmax,
)
from nn.activation import is_of_one_value
from nn.transformer.block import FeedForward, TransformerBlock

RANDOM = np.random.default_rng(0)
VECTORS = RANDOM.normal(size=(5, 6))
SEQUENCES = RANDOM.normal(size=(5, 3, 6))
SYMBOLS = RANDOM.integers(0, 4, size=(5, 3))
SHARED = Layer(6, 6, activation="tanh", seed=0)


def moved(model: Module) -> Module:
    """The model, with no parameter as it was at first."""
    for i, parameter in enumerate(model.parameters()):
        parameter.data += 0.1 * np.sin(i + 1.0)
    return model


# Each with examples; one for each module of nn, and for what it may be given.
CASES: list[tuple[Module, Any]] = [
    (MLP(6, [4, 3], seed=0), VECTORS),
    (MLP(6, [4, 1], activation="tanh", seed=0), VECTORS),
    (Neuron(6, activation="tanh", seed=0), VECTORS),
    (Neuron(6, nonlin=False, seed=0), VECTORS),
    (Sequential(Neuron(6, seed=0)), VECTORS),
    (Sequential(Neuron(6, seed=0), Dropout(0.5), Neuron(1, seed=1)), VECTORS),
    (Layer(6, 3, activation="sigmoid", seed=0), VECTORS),
    (Layer(6, 3, seed=0), VECTORS),
    (Layer(6, 1, activation="softplus", seed=0), VECTORS),
    (Layer(6, 3, nonlin=False, seed=0), VECTORS),
    (Layer(6, 1, nonlin=False, seed=0), VECTORS),
    (Sequential(Layer(6, 4, nonlin=False, seed=0), relu, Dropout(0.5), softmax), VECTORS),
    (Sequential(MLP(6, [4], seed=0), Value.tanh, Layer(4, 1, seed=1), Value.exp), VECTORS),
    (Sequential(Sequential(Projection(6, 4, seed=0), relu), LayerNorm(4), log_softmax), VECTORS),
    (Sequential(SHARED, Dropout(0.5), SHARED), VECTORS),
    (Sequential(SHARED, Sequential(relu, SHARED), Layer(6, 1, seed=1)), VECTORS),
    (Projection(6, 2, seed=0), VECTORS),
    (moved(LayerNorm(6, epsilon=0.01)), VECTORS),
    (LayerNorm(6, affine=False), 1e-3 * VECTORS),
    (moved(RMSNorm(6, epsilon=0.01)), VECTORS),
    (RMSNorm(6, affine=False), 1e-3 * VECTORS),
    (FeedForward(6, hidden=5, seed=0), VECTORS),
    (Embedding(4, 6, seed=0), SYMBOLS[:, 0]),
    (LearnedPositions(4, 6, seed=0), SEQUENCES),
    (SinusoidalPositions(6), SEQUENCES),
    (MultiHeadAttention(6, 3, seed=0), SEQUENCES),
    (MultiHeadAttention(6, 2, causal=False, seed=0), SEQUENCES),
    (TransformerBlock(6, 3, seed=0), SEQUENCES),
    (GPT(4, context=3, width=6, heads=3, layers=2, seed=0), SYMBOLS),
]
ACTIVATIONS = ["linear", *[name for name in TABLE if is_of_one_value(name)]]


class Line(Module):
    def __init__(self) -> None:
        self.slope = Parameter(2.0)

    def __call__(self, xs: Any) -> Value:
        return self.slope * xs[0]


class Doubled(Layer):
    def __call__(self, xs: Any) -> Any:
        return 2.0 * super().__call__(xs)


def mixed() -> Layer:
    layer = Layer(2, 2, seed=0)
    layer.neurons[1].activation = "tanh"
    return layer


def replaced(activate: Any) -> Layer:
    layer = Layer(2, 2, seed=0)
    layer.neurons[1].activate = activate
    return layer


def with_part(model: Module, path: str, part: Any) -> Module:
    """The model, with a part replaced."""
    *way, name = path.split(".")
    module: Any = model
    for step in way:
        module = module[int(step)] if isinstance(module, list) else getattr(module, step)
    setattr(module, name, part)
    return model


class Negated(Projection):
    def __call__(self, xs: Any) -> list[Value]:
        return [-x for x in super().__call__(xs)]


class Doubling(Embedding):
    def __call__(self, symbol: Any) -> list[Value]:
        return [2.0 * x for x in super().__call__(symbol)]


class Halving(RMSNorm):
    def __call__(self, xs: Any) -> list[Value]:
        return [0.5 * x for x in super().__call__(xs)]


def gpt(seed: int = 0) -> GPT:
    return GPT(4, context=3, width=6, heads=3, seed=seed)


CASES += [
    (with_part(gpt(), "blocks.0.norm", moved(LayerNorm(6))), SYMBOLS),
    (with_part(gpt(), "positions", SinusoidalPositions(6)), SYMBOLS),
    (with_part(Layer(6, 2, seed=0), "neurons", Layer(6, 3, seed=1).neurons), VECTORS),
    (with_part(Layer(6, 2, seed=0), "neurons", Layer(6, 1, seed=1).neurons), VECTORS),
    (with_part(FeedForward(6, seed=0), "narrow", Layer(24, 3, seed=0)), VECTORS),
]
NAMES = [repr(model) for model, _ in CASES]

# What cannot be converted, and what is said of it.
REFUSED = [
    (Line(), "does not know Line: it converts modules of nn's own"),
    (Doubled(2, 1), "does not know Doubled: it converts modules of nn's own"),
    (Sequential(Layer(2, 1), Line()), "does not know Line"),
    (Layer(2, 1, activation=lambda x: x * x), "does not know the function <lambda>: take an"),
    (Sequential(Layer(2, 1), lambda x: x), "does not know the function <lambda>"),
    (mixed(), "has neurons of different kinds: no matrix stands for them"),
    (with_part(gpt(), "embedding", Doubling(4, 6)), "does not know Doubling"),
    (with_part(gpt(), "blocks.0.norm", Halving(6)), "does not know Halving"),
    (with_part(gpt(), "blocks.0.attention.key", Negated(6, 6)), "does not know Negated"),
    (with_part(gpt(), "blocks.0.attention.out", Negated(6, 6)), "does not know Negated"),
    (with_part(gpt(), "blocks.0.mlp.widen", Negated(6, 24)), "does not know Negated"),
    (with_part(gpt(), "unembedding", Negated(6, 4)), "does not know Negated"),
    (with_part(Layer(2, 2), "nin", 3), "has 2 weights for 3 inputs"),
    (with_part(Layer(2, 2), "neurons", [Neuron(3)]), "has 3 weights for 2 inputs"),
    (replaced(Value.exp), "has another `activate` than its activation says"),
    (
        Sequential(Layer(2, 1, initialization="zeros"), Embedding(3, 2)),
        "it would give another shape, as where a part takes the one",
    ),
]

# What cannot be called, and what it raises; with sizes of 1, too, where shapes fit by chance.
UNCALLABLE = [
    (Sequential(TransformerBlock(2, 1), Layer(2, 2)), "ValueError: .* takes one example, a list"),
    (Sequential(TransformerBlock(1, 1), Layer(1, 1)), "ValueError: .* takes one example, a list"),
    (Sequential(TransformerBlock(2, 1), LayerNorm(2)), "ValueError: .* takes one vector of 2"),
    (
        Sequential(TransformerBlock(1, 1), LayerNorm(1)),
        "ValueError: LayerNorm.* takes one vector of 1 numbers, not several",
    ),
    (Sequential(TransformerBlock(2, 1), softmax), "TypeError: a Value holds a real number"),
    (Sequential(GPT(3, width=4, heads=1), softmax), "TypeError: a Value holds a real number"),
    (Sequential(Layer(2, 1), softmax), "TypeError: .* takes a list of logits"),
    (Sequential(Layer(2, 1), LayerNorm(1)), "TypeError"),
    (Sequential(Layer(2, 3), Layer(2, 3)), "ValueError: .* takes 2 inputs, 3 came"),
    (Sequential(Embedding(3, 4), LearnedPositions(4, 4)), "TypeError|ValueError"),
]
REFUSED += [(model, f"converts what can be called, .* raises {e}") for model, e in UNCALLABLE]

"""GPT: a transformer that says at each position of a text which symbol comes next."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd import context as engine
from autograd.compiler import compiled
from autograd.context import no_grad, scope
from autograd.value import Value
from nn.counts import from_one
from nn.embedding import Embedding, LearnedPositions
from nn.generation import generated
from nn.module import Module
from nn.projection import Projection
from nn.seeds import Seed, generator
from nn.transformer import TransformerBlock

Symbols = Sequence[Value | float]


class GPT(Module):
    """A small language model (Radford et al., 2018): symbols in, logits of the next ones out.

    Called on the symbols of one sequence, up to `context`, it gives at each position the logits
    of the symbol that follows, for which it looks at that position and those before it.

    Parameters:
        symbols: how many there are; they are the whole numbers from 0 on.
        context: how many symbols it can look at.
        width: how many numbers stand for a symbol.
        heads: how many look at once; the width is a multiple of it.
        layers: how many blocks of attention and MLP.
        seed: for the first weights: a whole number or NumPy's generator.

    Attributes:
        embedding, positions, blocks, unembedding: its modules, in the order of their work.

    Raises:
        ValueError: a number is no whole number from 1 on, or the width no multiple of the heads.

    >>> model = GPT(3, context=4, width=8, heads=2)
    >>> [len(logits) for logits in model([2, 0, 1])]
    [3, 3, 3]
    >>> print(model.summary())
    part         shape                       parameters
    embedding    Embedding(3 -> 8)                   24
    positions    LearnedPositions(4, 8)              32
    blocks.0     TransformerBlock(8, 2 heads)       768
    unembedding  Projection(8 -> 3)                  24
    total                                           848
    """

    def __init__(
        self,
        symbols: int,
        context: int = 16,
        width: int = 16,
        heads: int = 4,
        layers: int = 1,
        seed: Seed = 0,
    ) -> None:
        self.symbols, self.context = from_one("symbols", symbols), from_one("context", context)
        self.width, self.heads = from_one("width", width), from_one("heads", heads)
        self.layers = from_one("layers", layers)
        random = generator(seed)
        self.embedding = Embedding(self.symbols, width, random)
        self.positions = LearnedPositions(context, width, random)
        self.blocks = [TransformerBlock(width, heads, seed=random) for _ in range(self.layers)]
        self.unembedding = Projection(width, self.symbols, random)

    def __call__(self, symbols: Symbols) -> list[list[Value]]:
        """The logits at each position, shape (positions, symbols).

        Raises:
            ValueError: there are no symbols or too many, or one is none of the model's.
        """
        self.check(symbols)
        xs = self._embedded(symbols)
        for i, block in enumerate(self.blocks):
            with scope(f"block{i}"):
                xs = block(xs)
        with scope("unembedding"):
            return [self.unembedding(x) for x in xs]

    def generate(
        self,
        prompt: Sequence[int],
        count: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        seed: Seed = 0,
    ) -> list[int]:
        """Symbols that may follow, each drawn by the probability that the model gives it.

        Parameters:
            prompt: the symbols to begin with, at least one; of more than `context` the last count.
            count: how many to draw.
            temperature: above 0; below 1 the likelier symbols are drawn more often, above 1 less;
                close to 0 it is always the likeliest.
            top_k: draw one of so many likeliest symbols; by default of all.
            seed: a whole number, which gives the same symbols each time, or NumPy's generator.

        Returns:
            The symbols drawn, without those of the prompt.

        >>> GPT(3, context=4, width=8, heads=2).generate([2], 6)
        [0, 1, 2, 1, 2, 0]
        """
        return generated(self, prompt, count, temperature, top_k, seed)

    def patterns(self, symbols: Symbols) -> NDArray[np.float64]:
        """What each position looks at, shape (layers, heads, positions, positions).

        >>> GPT(3, layers=2).patterns([2, 0, 1]).shape
        (2, 4, 3, 3)
        """
        self.check(symbols)
        found = []
        with no_grad():
            xs = self._embedded(symbols)
            for block in self.blocks:
                found.append(block.attention.pattern(block.normalized(xs)))
                xs = block(xs)
        return np.array(found)

    def check(self, symbols: Symbols) -> None:
        """Raise if it cannot be called on these symbols.

        Raises:
            TypeError: they are a text, or no list of numbers.
            ValueError: there are none or too many, or one is none of the model's.
        """
        if isinstance(symbols, str):
            raise TypeError(f"{self} takes symbols, whole numbers, and not text: encode it before")
        if not isinstance(symbols, Sequence | np.ndarray):
            raise TypeError(f"{self} takes the symbols of one sequence, not {symbols!r:.80}")
        if not 0 < len(symbols) <= self.context:
            raise ValueError(f"{self} takes 1 to {self.context} symbols, {len(symbols)} came")
        if not engine.current().tracer:  # While it is recorded, symbols have no numbers.
            for position, symbol in enumerate(symbols):
                self._check_symbol(symbol, position)

    def _check_symbol(self, symbol: Any, position: int) -> None:
        if isinstance(symbol, list | tuple | np.ndarray):
            raise TypeError(f"{self} takes one sequence at a time; predict(model, X) takes many")
        number = symbol.data if isinstance(symbol, Value) else symbol
        if not isinstance(number, Real) or number not in range(self.symbols):
            raise ValueError(
                f"{number!r:.80} at position {position} is no symbol: they are the whole numbers "
                f"from 0 to {self.symbols - 1}"
            )

    def _embedded(self, symbols: Symbols) -> list[list[Value]]:
        with scope("embedding"):
            return self.positions([self.embedding(symbol) for symbol in symbols])

    @compiled
    def logits(self, symbols: Symbols) -> list[list[Value]]:
        """What calling it gives, for many sequences at once: shape (n, positions, symbols)."""
        return self(symbols)

    def __repr__(self) -> str:
        sizes = f"context={self.context}, width={self.width}, heads={self.heads}"
        return f"GPT({self.symbols}, {sizes}, layers={self.layers})"

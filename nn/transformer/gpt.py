"""GPT: a transformer that says at each position of a text which symbol comes next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import compiled
from autograd.context import no_grad, scope
from autograd.value import Value
from nn.data.vocabulary import Vocabulary
from nn.module import Module
from nn.settings.counts import from_one
from nn.settings.seeds import Seed, generator
from nn.transformer.block import TransformerBlock
from nn.transformer.embedding import Embedding, LearnedPositions
from nn.transformer.generation import generated
from nn.transformer.projection import Projection
from nn.transformer.symbols import Symbols, check_sequence


class GPT(Module):
    """A small language model (Radford et al., 2018): symbols in, logits of the next ones out.

    Called on the symbols of one sequence, up to `context`, it gives at each position the logits
    of the symbol that follows, for which it looks at that position and those before it.

    Parameters:
        symbols: how many there are, which are the whole numbers from 0 on; or a `Vocabulary`, or
            a text with all its characters, to `generate` text.
        context: how many symbols it can look at.
        width: how many numbers stand for a symbol.
        heads: how many look at once; the width is a multiple of it.
        layers: how many blocks of attention and MLP.
        seed: for the first weights: a whole number or NumPy's generator.

    Attributes:
        vocabulary: whose characters the symbols are; None if only their number was given.
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

    >>> from nn import fit, windows
    >>> vocabulary = Vocabulary("hello ")
    >>> X, y = windows(vocabulary.encode(20 * "hello "), context=4)
    >>> model = GPT(vocabulary, context=4, width=8, heads=2)
    >>> history = fit(model, X, y, progress=False)
    >>> model.generate("he", 10, temperature=0.1)
    'llo hello '
    """

    def __init__(
        self,
        symbols: int | str | Vocabulary,
        context: int = 16,
        width: int = 16,
        heads: int = 4,
        layers: int = 1,
        seed: Seed = 0,
    ) -> None:
        given = symbols.symbols if isinstance(symbols, Vocabulary) else symbols
        self.vocabulary = Vocabulary(given) if isinstance(given, str) else None
        count = len(self.vocabulary) if self.vocabulary else from_one("symbols", given)
        self.symbols = self.vocabulary.symbols if self.vocabulary else count
        self.context, self.layers = from_one("context", context), from_one("layers", layers)
        self.width, self.heads = from_one("width", width), from_one("heads", heads)
        random = generator(seed)
        self.embedding = Embedding(count, width, random)
        self.positions = LearnedPositions(context, width, random)
        self.blocks = [TransformerBlock(width, heads, seed=random) for _ in range(self.layers)]
        self.unembedding = Projection(width, count, random)

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
        prompt: str | Sequence[int],
        count: int,
        temperature: float = 1.0,
        top_k: int | None = None,
        seed: Seed = 0,
    ) -> Any:
        """What may follow, symbol by symbol, each drawn by the probability the model gives it.

        Parameters:
            prompt: what to begin with, at least one symbol; of more than `context` the last count.
                A text if the model has a vocabulary.
            count: how many symbols to draw.
            temperature: above 0; below 1 the likelier symbols are drawn more often, above 1 less
                often; close to 0 it is always the likeliest.
            top_k: draw one of so many likeliest symbols; by default of all.
            seed: a whole number, which gives the same each time, or NumPy's generator.

        Returns:
            What was drawn, without the prompt; a text after a text.

        Raises:
            ValueError: the prompt is empty or has something that is no symbol, or a number is out
                of its range.

        >>> GPT(3, context=4, width=8, heads=2).generate([2], 6)
        [0, 1, 2, 1, 2, 0]
        >>> GPT("abc", context=4, width=8, heads=2).generate("c", 6)
        'abcbca'
        """
        if not isinstance(prompt, str):
            return generated(self, prompt, count, temperature, top_k, seed)
        if self.vocabulary is None:
            raise TypeError(
                f"{self} knows numbers and no characters: make it of a vocabulary, "
                "GPT(Vocabulary(text)), or encode the prompt"
            )
        encoded = self.vocabulary.encode(prompt).tolist()
        found = generated(self, encoded, count, temperature, top_k, seed)
        return self.vocabulary.decode(found)

    def patterns(self, symbols: Symbols) -> NDArray[np.float64]:
        """What each position looks at, shape (layers, heads, positions, positions).

        >>> GPT(3, layers=2).patterns([2, 0, 1]).shape
        (2, 4, 3, 3)
        """
        self.check(symbols)
        found = []
        with no_grad():
            xs = self._embedded(symbols)
            for i, block in enumerate(self.blocks):
                found.append(block.attention.pattern(block.normalized(xs)))
                if i + 1 < self.layers:  # what the last block gives is looked at by none
                    xs = block(xs)
        return np.array(found)

    def check(self, symbols: Symbols) -> None:
        """Raise if it cannot be called on these symbols.

        Raises:
            TypeError: they are a text, or no list of numbers.
            ValueError: there are none or too many, or one is none of the model's.
        """
        check_sequence(symbols, self.embedding.symbols)
        if len(symbols) > self.context:
            raise ValueError(f"{self} sees {self.context} symbols at a time, {len(symbols)} came")

    def _embedded(self, symbols: Symbols) -> list[list[Value]]:
        with scope("embedding"):
            return self.positions([self.embedding(symbol) for symbol in symbols])

    @compiled
    def logits(self, symbols: Symbols) -> list[list[Value]]:
        """What calling it gives, for many sequences at once: shape (n, positions, symbols)."""
        return self(symbols)

    def __repr__(self) -> str:
        sizes = f"context={self.context}, width={self.width}, heads={self.heads}"
        return f"GPT({self.embedding.symbols} symbols, {sizes}, layers={self.layers})"

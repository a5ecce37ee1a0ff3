"""The transformer's block: positions look at each other, then each thinks for itself."""

from __future__ import annotations

from collections.abc import Sequence

from autograd.context import scope
from autograd.operations import relu
from autograd.value import Value
from nn.module import Module
from nn.normalization import RMSNorm
from nn.settings.counts import from_one
from nn.settings.seeds import Seed, generator
from nn.transformer.attention import MultiHeadAttention
from nn.transformer.embedding import added
from nn.transformer.projection import Projection, Vector


class FeedForward(Module):
    """The block's MLP: widened, bent by relu, and narrowed again (Vaswani et al., 2017).

    Parameters:
        width: how many numbers a vector has.
        hidden: how many it has in between; by default four times as many.
        seed: for the first weights: a whole number or NumPy's generator.

    Attributes:
        widen, narrow: the projections.

    >>> FeedForward(16)
    FeedForward(16 -> 64 -> 16)
    """

    def __init__(self, width: int, hidden: int | None = None, seed: Seed = None) -> None:
        self.width = from_one("width", width)
        self.hidden = 4 * self.width if hidden is None else from_one("hidden", hidden)
        random = generator(seed)
        self.widen = Projection(self.width, self.hidden, random)
        self.narrow = Projection(self.hidden, self.width, random)

    def __call__(self, xs: Vector) -> list[Value]:
        """Shape (width,) to shape (width,)."""
        return self.narrow([relu(h) for h in self.widen(xs)])

    def __repr__(self) -> str:
        return f"FeedForward({self.width} -> {self.hidden} -> {self.width})"


class TransformerBlock(Module):
    """Attention and then an MLP, each added to what came in, which it sees normalized.

    What came in goes on beside them, the residual connection (He et al., 2016); the norms stand
    before and not after (Xiong et al., 2020).

    Parameters:
        width: how many numbers a vector has.
        heads: of the attention; the width is a multiple of it.
        causal: whether a position sees itself and those before it, or all.
        seed: for the first weights: a whole number or NumPy's generator.

    >>> block = TransformerBlock(width=4, heads=2, seed=0)
    >>> [len(xs) for xs in block([[1.0, 2.0, 3.0, 4.0]] * 3)]
    [4, 4, 4]
    """

    def __init__(self, width: int, heads: int, *, causal: bool = True, seed: Seed = None) -> None:
        self.width, self.heads, self.causal = width, heads, causal
        random = generator(seed)
        self.norm = RMSNorm(width, affine=False)
        self.attention = MultiHeadAttention(width, heads, causal=causal, seed=random)
        self.mlp = FeedForward(width, seed=random)

    def __call__(self, xs: Sequence[Vector]) -> list[list[Value]]:
        """Shape (positions, width) to the same."""
        with scope("attention"):
            found = self.attention(self.normalized(xs))
            xs = [added(x, y) for x, y in zip(xs, found, strict=True)]
        with scope("mlp"):
            return [added(x, self.mlp(self.norm(x))) for x in xs]

    def normalized(self, xs: Sequence[Vector]) -> list[list[Value]]:
        """What attention looks at."""
        return [self.norm(x) for x in xs]

    def __repr__(self) -> str:
        return f"TransformerBlock({self.width}, {self.heads} heads)"

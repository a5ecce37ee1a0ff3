"""Attention patterns: how much each position of a sequence takes from each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from viz.colors import Palette
from viz.plots.figure import Place, Theme, canvas
from viz.plots.looks import calm, over, shares, show_shares
from viz.plots.text import plain

NUMBERED = 8  # positions of which there is room for the numbers
NAMED = 40  # positions of which there is room for the tokens
LONGEST = 16  # characters of a token
BREADTH = 0.08  # inches, of a character of it
INVISIBLE = {" ": "␣", "\n": "\\n", "\t": "\\t", "\r": "\\r", "": "∅"}


def attention_pattern(
    weights: ArrayLike,
    tokens: Sequence[Any] = (),
    *,
    ax: Place = None,
    theme: Theme | None = None,
) -> Figure:
    """Each row is a position that looks, each column one that it looks at; a row sums to 1.

    What the mask hides has the weight 0 exactly, and is crossed out.

    Parameters:
        weights: of one head, shape (n, n), or of several, shape (heads, n, n), such as
            `gpt.patterns(symbols)[layer]` or `MultiHeadAttention.pattern(vectors)`.
        tokens: what stands at the positions, such as the characters of a text; by default their
            numbers.
        ax: an Axes for each head; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: the weights are not from 0 to 1, of such a shape, or there is not a token for
            each position.

    >>> from nn import GPT
    >>> pattern = GPT("abc", context=4, width=8, heads=2).patterns([0, 1, 2])
    >>> figure = attention_pattern(pattern[0], "abc")
    >>> [axes.get_title() for axes in figure.axes]
    ['head 0', 'head 1']
    """
    patterns = np.asarray(weights, dtype=float)
    several = patterns.ndim == 3
    patterns = patterns if several else patterns[None]
    _check(patterns, np.shape(weights))
    count = patterns.shape[1]
    names = [_name(token) for token in tokens] or [str(i) for i in range(count)]
    if len(names) != count:
        raise ValueError(f"{len(names)} tokens for {count} positions: give one for each")
    across = 2 if len(patterns) in (2, 4) else 3
    beside = BREADTH * max(map(len, names))
    size = min(2.0 + 0.25 * count + beside, 9.0 / min(len(patterns), across))
    place = canvas(ax, theme, (size, size + 0.2), len(patterns), across)
    for head, (axes, pattern) in enumerate(zip(place.panels, patterns, strict=True)):
        _draw(axes, pattern, place.palette)
        _name_positions(axes, names)
        axes.set_title(f"head {head}" if several else "")
        calm(axes, place.palette)
        axes.tick_params(length=0)
        axes.title.set_fontsize(11)
        axes.spines[:].set_visible(False)
    place.panels[0].set(ylabel="looks from", xlabel="looks at")
    return place.figure


def _check(patterns: NDArray[Any], given: tuple[int, ...]) -> None:
    if patterns.ndim != 3 or patterns.shape[1] != patterns.shape[2] or 0 in patterns.shape:
        raise ValueError(
            f"weights are of shape (n, n), or (heads, n, n), not {given}: of a GPT's patterns give "
            "those of one layer, gpt.patterns(symbols)[0]"
        )
    if not ((patterns >= 0.0) & (patterns <= 1.0 + 1e-9)).all():
        raise ValueError("weights are shares from 0 to 1, and these have others among them")


def _name(token: Any) -> str:
    return (isinstance(token, str) and INVISIBLE.get(token)) or plain(token, LONGEST)


def _draw(axes: Axes, pattern: NDArray[Any], palette: Palette) -> None:
    colors = shares(palette).with_extremes(bad=palette.grid)
    image = show_shares(axes, np.where(pattern, pattern, np.nan), colors)
    count = len(pattern)
    hidden = np.argwhere(pattern == 0.0)[:, None, ::-1] + [[-0.5, 0.5], [0.5, -0.5]]
    axes.add_collection(LineCollection([*hidden], colors=palette.frame, linewidths=0.7))
    between, ends = np.arange(count + 1) - 0.5, (-0.5, count - 0.5)
    for lines in (axes.hlines, axes.vlines):
        lines(between, *ends, color=palette.frame, linewidth=0.5)
    if count > NUMBERED:
        return
    for row, column in np.argwhere(pattern > 0.0).tolist():
        share = pattern[row, column]
        color = over(image.to_rgba(share), palette)
        axes.text(column, row, _short(share), ha="center", va="center", color=color, fontsize=8)


def _short(share: float) -> str:
    """Two places, without the zero before them.

    >>> _short(0.456), _short(1.0), _short(0.001)
    ('.46', '1', '.00')
    """
    return f"{share:.2f}".removeprefix("0") if share < 0.995 else "1"


def _name_positions(axes: Axes, names: Sequence[str]) -> None:
    step = -(-len(names) // NAMED)
    places = range(0, len(names), step)
    steep = max(map(len, names)) > 2
    axes.set_xticks(places, [names[i] for i in places], rotation=90 if steep else 0)
    axes.set_yticks(places, [names[i] for i in places])

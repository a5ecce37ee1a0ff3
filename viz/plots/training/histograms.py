"""Histograms by layer: of what the neurons give, and of the gradients that reach the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from nn.losses import cross_entropy
from nn.module import Module
from nn.settings.counts import from_one
from nn.training.running import Loss
from viz.colors import Palette
from viz.plots.drawable import within
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm
from viz.plots.text import plain
from viz.plots.training.measuring import Array, Outputs, gradients_by_layer, outputs_by_layer

BINS = 60
HIGHEST = 0.85  # of the room between two layers
SMALLEST = 1e-12  # of the largest gradient; what is below counts as that


def activation_histograms(
    model: Callable[[Any], Any],
    X: Any,
    *,
    limit: int = 100,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """How the outputs of each layer are spread, the first on top, all on one scale.

    Zeros are counted beside the layer's name and not drawn, as there may be so many. Of relu the
    neurons are dead that give 0 for all examples; of tanh and sigmoid a number is saturated where
    the derivative is a fiftieth of the greatest, or less.

    Parameters:
        model: a Module, whose layers are its parts; or a function of one example, whose layers
            are the outermost scopes that it opens.
        X: examples, one to each index of the first axis.
        limit: how many of them to compute one by one at most; they are taken evenly.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError, TypeError: something does not fit, as the message says.

    >>> from nn import MLP, moons
    >>> figure = activation_histograms(MLP(2, [16, 2], seed=0), moons(50).X)
    >>> [label.get_text().split("\\n")[0] for label in figure.axes[0].get_yticklabels()]
    ['layers.0', 'layers.1']
    """
    layers = outputs_by_layer(model, X, from_one("limit", limit))
    if not layers:
        raise ValueError("the model computes nothing of X: there is nothing to draw")
    place = canvas(ax, theme, (6.4, 0.9 + 0.75 * len(layers)))
    (axes,), palette = place.panels, place.palette
    notes = {name: _activity(outputs) for name, outputs in layers.items()}
    spread = {name: outputs.numbers.ravel() for name, outputs in layers.items()}
    nonzero = {name: within(x[np.isfinite(x) & (x != 0.0)]) for name, x in spread.items()}
    _draw_rows(axes, nonzero, notes, _even(nonzero), palette)
    axes.axvline(0.0, color=palette.frame, linewidth=0.9, zorder=0.5)
    axes.set_xlabel("output")
    return place.figure


def gradient_histograms(
    model: Module,
    X: Any,
    y: Any,
    *,
    loss: Loss = cross_entropy,
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """How large the gradients of the parameters are in each layer, the first on top.

    They are those of the mean loss over all examples, and their sizes stand on one logarithmic
    scale; so it is seen where they vanish or explode. Zeros are counted beside the layer's name,
    and the median is that of the others.
    Every `grad` stays as it is.

    Parameters:
        model: a Module. Its layers are its parts.
        X, y: examples and targets, as for `fit`.
        loss: as for `fit`.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError, TypeError: something does not fit, as the message says.

    >>> from nn import MLP, moons
    >>> data = moons(50)
    >>> figure = gradient_histograms(MLP(2, [16, 2], seed=0), data.X, data.y)
    >>> [label.get_text().split("\\n")[0] for label in figure.axes[0].get_yticklabels()]
    ['layers.0', 'layers.1']
    """
    layers = gradients_by_layer(model, X, y, loss)
    place = canvas(ax, theme, (6.4, 0.9 + 0.75 * len(layers)))
    (axes,), palette = place.panels, place.palette
    sizes = {name: within(np.abs(x[np.isfinite(x) & (x != 0.0)])) for name, x in layers.items()}
    notes = {name: _steepness(gradients) for name, gradients in layers.items()}
    _draw_rows(axes, sizes, notes, _by_ratios(sizes), palette)
    axes.set(xscale="log", xlabel="size of the gradient")
    axes.tick_params(which="minor", length=0)
    return place.figure


def _activity(outputs: Outputs) -> str:
    found = outputs.numbers
    notes = _part(found == 0.0, "zero")
    if outputs.dead:
        notes.append(f"{outputs.dead} of {found.shape[1]} dead")
    if outputs.saturated is not None:
        notes.append(f"{_percent(outputs.saturated)} saturated")
    return ", ".join([*notes, *_part(~np.isfinite(found), "not finite")])


def _steepness(gradients: Array) -> str:
    notes = [*_part(gradients == 0.0, "zero"), *_part(~np.isfinite(gradients), "not finite")]
    sizes = np.abs(gradients[np.isfinite(gradients) & (gradients != 0.0)])
    if len(sizes):
        notes.append(f"median{' of the others' if notes else ''} {np.median(sizes):.1g}")
    return ",\n".join(notes)


def _part(marked: NDArray[np.bool_], what: str) -> list[str]:
    """Which part of them is marked, if any is."""
    share = float(np.mean(marked))
    return [f"{_percent(share)} {what}"] if share else []


def _percent(share: float) -> str:
    """Whole percents; 0% and 100% are none and all.

    >>> _percent(0.0), _percent(0.004), _percent(0.25), _percent(0.996), _percent(1.0)
    ('0%', '<1%', '25%', '>99%', '100%')
    """
    if 0.0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1.0 else f"{share:.0%}"


def _even(layers: Mapping[str, Array]) -> Array:
    """The edges of the bins, from the smallest number of all layers to the largest."""
    everything = np.concatenate([*layers.values(), [0.0]])
    low, high = everything.min(), everything.max()
    return np.linspace(low, high, BINS + 1) if low < high else np.array([low - 0.5, high + 0.5])


def _by_ratios(layers: Mapping[str, Array]) -> Array:
    """The same where each is the same multiple of the one before; all numbers are above 0."""
    everything = np.concatenate([*layers.values()])
    high = float(everything.max(initial=0.0)) or 1.0
    low = max(float(everything.min(initial=high)), SMALLEST * high)
    return np.geomspace(low / 1.5, high * 1.5, BINS + 1)


def _draw_rows(
    axes: Axes,
    layers: Mapping[str, Array],
    notes: Mapping[str, str],
    edges: Array,
    palette: Palette,
) -> None:
    """A histogram in each row, as high as there is room, and the notes below the layer's name."""
    for row, found in enumerate(layers.values()):
        floor = -float(row)
        counts, _ = np.histogram(found.clip(edges[0], edges[-1]), edges)
        tops = floor + HIGHEST * counts / max(counts.max(), 1)
        color = palette.colors[0]
        axes.fill_between(
            edges, floor, np.append(tops, tops[-1]), step="post", color=palette.tint(color, 0.45)
        )
        axes.stairs(tops, edges, baseline=floor, color=color, linewidth=1.2)
        axes.axhline(floor, color=palette.frame, linewidth=0.8)
    labels = [f"{plain(name)}\n{notes[name]}".rstrip() for name in layers]
    axes.set_yticks([0.4 - row for row in range(len(layers))], labels)
    axes.set(xlim=(edges[0], edges[-1]), ylim=(-len(layers) + 0.9, 1.0))
    calm(axes, palette)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)

"""A network as columns of neurons, its weights as lines; or, if it is large, as sizes by layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viz.colors import COLORS
from viz.panels.legends import Legend, width_of
from viz.panels.markers import mark
from viz.panels.writing import Panel, element, short, words
from viz.svg.panel_theme import BORDER, GROUND

Array = NDArray[Any]

Place = tuple[float, float]

_SIZES = 12  # of weights that are told apart, besides 0
WIDEST = 20  # neurons of a column that can be told apart
_LEGEND = ("line: weight", "filling: bias", "below 0", "above 0")
SIGNS = (COLORS[0], COLORS[1])  # of numbers below zero, and above
SIDE, TOP, BOTTOM = 56, 40, 16


class Network:
    """Layers of neurons, each of which takes the outputs of all of those before it.

    Parameters:
        layers: the modules, with `neurons` that have `weights` and a `bias`.
        trained: the parameters whose numbers will be given.
        outputs: what the last neurons stand for, if there is one for each.
    """

    def __init__(
        self, layers: Sequence[Any], trained: Sequence[Any], outputs: Sequence[str] = ()
    ) -> None:
        rows = [[[*n.weights, n.bias] for n in layer.neurons] for layer in layers]
        self.sizes = [len(rows[0][0]) - 1, *map(len, rows)]
        self.outputs = outputs if len(outputs) == self.sizes[-1] else ()
        parameters = [parameter for layer in rows for row in layer for parameter in row]
        # What is not trained stays as it is.
        self._numbers = np.array([parameter.data for parameter in parameters])
        places = {parameter: i for i, parameter in enumerate(trained)}
        known = [(i, places[p]) for i, p in enumerate(parameters) if p in places]
        self._into, self._from = np.array(known, dtype=int).reshape(-1, 2).T

    def whole(self, numbers: Array) -> Array:
        """The numbers of all parameters, of those that are trained."""
        whole = self._numbers.copy()
        whole[self._into] = numbers[self._from]
        return whole

    def layers(self, whole: Array) -> list[Array]:
        """Weights and biases of each layer, shape (nout, nin + 1), the biases last.

        Parameters:
            whole: the numbers of all parameters.
        """
        shapes = [(nout, nin + 1) for nin, nout in pairwise(self.sizes)]
        parts = np.split(whole, np.cumsum([nout * nin for nout, nin in shapes])[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]

    def places(self, width: int, height: int) -> list[list[Place]]:
        """Where the neurons are, column by column."""
        right = max([SIDE, *(47 + width_of(name) for name in self.outputs)])
        step = (width - SIDE - right) / (len(self.sizes) - 1)
        middle, room = (TOP + height - BOTTOM) / 2, height - TOP - BOTTOM
        columns = []
        for column, size in enumerate(self.sizes):
            apart = min(room / max(size, 1), 44.0)
            x, top = SIDE + column * step, middle - apart * (size - 1) / 2
            columns.append([(x, top + apart * i) for i in range(size)])
        return columns

    def radius(self, height: int) -> float:
        """That of a neuron."""
        return min(9.0, 0.4 * (height - TOP - BOTTOM) / max(self.sizes))

    def panel(self, width: int, height: int, whole: Array) -> Panel:
        """The panel, of the numbers of all parameters."""
        layers = self.layers(whole)
        places = self.places(width, height)
        content = [words("Network", 10, 20, "name", size=13)]
        content += Legend(_LEGEND, (80.0, width - 14.0), 30.0).drawn(_sample)
        content.append(element("g", *_lines(places, layers), class_="edges"))
        content += self._neurons(places, height, layers)
        content += self._ends(places)
        chain = " to ".join(map(str, self.sizes))
        says = f"The network, {chain} neurons, with a line for each weight"
        return Panel("network", says, width, height, "".join(content))

    def _neurons(
        self, places: Sequence[Sequence[Place]], height: int, layers: Sequence[Array]
    ) -> list[str]:
        radius, most = short(self.radius(height)), largest(x[:, -1:] for x in layers) or 1.0
        biases = [np.zeros(self.sizes[0]), *(layer[:, -1] for layer in layers)]
        written = []
        for column, neurons in enumerate(places):
            for (x, y), bias in zip(neurons, biases[column], strict=True):
                place = {"cx": short(x), "cy": short(y), "rx": radius, "ry": radius}
                # Over the ground and not mixed with it, which is another one in the dark.
                look = {"fill": SIGNS[int(bias > 0)], "fill_opacity": f"{abs(bias) / most:.2g}"}
                written.append(element("ellipse", class_="ground", fill=GROUND, **place))
                kind = "neuron" if column else "input"
                written.append(
                    element("ellipse", class_=f"{kind} border", stroke=BORDER, **place, **look)
                )
        return written

    def _ends(self, places: Sequence[Sequence[Place]]) -> list[str]:
        """The names of the inputs, and of the outputs with the markers that their classes have."""
        written = [
            words(f"x{i}", x - 16, y + 4, anchor="end") for i, (x, y) in enumerate(places[0])
        ]
        for i, (name, (x, y)) in enumerate(zip(self.outputs, places[-1], strict=False)):
            look = {"d": mark(i, x + 21, y), "fill": COLORS[i % len(COLORS)]}
            written.append(element("path", class_="sample", **look))
            written.append(words(name, x + 31, y + 4))
        return written


def _sample(index: int, x: float, y: float) -> str:
    """Of the legend: what is a weight and what a bias, and of both the colours."""
    if index == 1:
        look = {"fill": GROUND, "stroke": BORDER}
        place = {"cx": short(x + 15), "cy": short(y), "rx": 7, "ry": 7}
        return element("ellipse", class_="ground border", **place, **look)
    color = SIGNS[index - 2] if index else BORDER
    line = f"M{short(x)} {short(y)}h24"
    kind = "sample" if index else "border"
    return element("path", class_=kind, d=line, stroke=color, stroke_width=3 if not index else 9)


def network(model: Any, trained: Sequence[Any], outputs: Sequence[str] = ()) -> Network | None:
    """The network, if the model is one of layers one after the other, small enough to be read.

    Parameters:
        trained: the parameters whose numbers will be given.
        outputs: what the last neurons stand for.
    """
    if not hasattr(model, "modules") or not hasattr(model, "parameters"):
        return None
    layers = [part for part in model.modules() if _is_layer(part)]
    shapes = [layer.weights.shape for layer in layers]
    if not layers or any(a[0] != b[1] for a, b in pairwise(shapes)):
        return None
    known = sum(nout * (nin + 1) for nout, nin in shapes)
    if known != len(model.parameters()) or max(map(max, shapes)) > WIDEST:
        return None
    return Network(layers, trained, outputs)


def _is_layer(part: Any) -> bool:
    weights, biases = getattr(part, "weights", None), getattr(part, "biases", None)
    if not isinstance(weights, np.ndarray) or not isinstance(biases, np.ndarray):
        return False
    return hasattr(part, "neurons") and weights.ndim == 2 and biases.shape == weights.shape[:1]


def _lines(places: Sequence[Sequence[Place]], layers: Sequence[Array]) -> list[str]:
    """Lines for the weights, those of about one size together, from the smallest to the largest."""
    most = largest(x[:, :-1] for x in layers) or 1.0
    paths: dict[tuple[int, int], list[str]] = {}
    for column, layer in enumerate(layers):
        for (i, j), weight in np.ndenumerate(layer[:, :-1]):
            (x, y), (end_x, end_y) = places[column][j], places[column + 1][i]
            line = f"M{short(x)} {short(y)}L{short(end_x)} {short(end_y)}"
            look = round(_SIZES * abs(float(weight)) / most), int(weight > 0)
            paths.setdefault(look, []).append(line)
    return [
        element(
            "path",
            d="".join(lines),
            stroke=SIGNS[above],
            stroke_width=f"{0.3 + 3.2 * size / _SIZES:.2g}",
            stroke_opacity=f"{0.15 + 0.75 * size / _SIZES:.2g}",
        )
        for (size, above), lines in sorted(paths.items())
    ]


def largest(numbers: Iterable[Array]) -> float:
    """The largest size among numbers that are finite."""
    finite = (float(np.abs(x[np.isfinite(x)]).max(initial=0.0)) for x in numbers)
    return max(finite, default=0.0)

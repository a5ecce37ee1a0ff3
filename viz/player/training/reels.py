"""A film as what its page is made of: panels with room for what moves, and the frames.

Everything that moves is a number here: places on the panels, and for plane and weights a byte each.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viz.colors import COLORS
from viz.panels.curves import Curves
from viz.panels.network import SIGNS, Network, largest
from viz.panels.plane import SIDE, Plane
from viz.panels.regions import UNKNOWN, Regions
from viz.panels.writing import element, svg
from viz.player.training.scene import Scene
from viz.svg.mixing import channels
from viz.svg.texts.labels import number

LEVELS = 255  # that a byte has besides 0
_MUCH = 1000.0  # times that weights do not grow in a training that goes well
MEASURED = {
    "loss": "loss",
    "accuracy": "accuracy",
    "validation_loss": "validation loss",
    "validation_accuracy": "validation accuracy",
    "penalty": "penalty",
    "learning_rate": "learning rate",
}


class Reel(NamedTuple):
    """The body of the page, and the data of its script."""

    body: str
    data: dict[str, Any]


def reel(scene: Scene, title: str) -> Reel:
    """The film of a scene."""
    last = scene.moments[-1].epoch
    columns = {name: x for name, x in scene.columns.items() if name in MEASURED}
    marks = [_Marks(curves, *scene.frame(curves.name)[2:]) for curves in scene.curves]
    plane, network = scene.view.plane, scene.view.network
    weights = Shares([network.layers(x.weights) for x in scene.moments]) if network else None
    frames = []
    for i, moment in enumerate(scene.moments):
        shown = [_shown(x, moment.epoch) for x in columns.values()]
        frame: dict[str, Any] = {
            "epoch": moment.epoch,
            "label": f"epoch {moment.epoch} of {last}",
            "numbers": shown,
            "say": _said(moment.epoch, columns, shown),
            "marks": [mark.at(moment.epoch) for mark in marks],
        }
        if plane and moment.outputs is not None:
            frame["regions"] = _text(coded(plane.read(moment.outputs), _kinds(plane)))
        if weights:
            frame["weights"] = _text(weights.coded(i))
        frames.append(frame)
    data = {
        "kind": "film",
        "title": title,
        "names": [MEASURED[name] for name in columns],
        "curves": [curves.name for curves in scene.curves],
        "plane": _plane(scene),
        "network": _network(scene),
        "frames": frames,
    }
    return Reel(_body(scene), data)


def _body(scene: Scene) -> str:
    panels = [
        element("div", svg(panel, styled=i == 0), class_=f"panel {panel.name}")
        for i, panel in enumerate(scene.panels())
    ]
    return element("div", *panels, class_="film")


def _shown(numbers: Sequence[float], epoch: int) -> str:
    return number(numbers[epoch - 1]) if epoch else "not measured"


def _said(epoch: int, columns: Any, shown: Sequence[str]) -> str:
    if not epoch:
        return "Before the first epoch: nothing is measured there"
    said = (f"{MEASURED[name]} {x}" for name, x in zip(columns, shown, strict=True))
    return f"Epoch {epoch}: {', '.join(said)}"


class _Marks:
    """Where the curves are at an epoch."""

    def __init__(self, curves: Curves, width: int, height: int) -> None:
        self.across, self.up = curves.scales(width, height)
        self.known = [dict(zip(x.epochs, x.numbers, strict=True)) for x in curves.lines]

    def at(self, epoch: int) -> list[float | None]:
        """The place of the epoch, and the height of each curve there."""
        heights = [line.get(epoch) for line in self.known]
        return [
            round(self.across(epoch), 1),
            *(None if x is None or not np.isfinite(x) else round(self.up(x), 1) for x in heights),
        ]


# ------------------------------------------------------------------------------- bytes


def coded(regions: Regions, kinds: int) -> NDArray[np.uint8]:
    """The class and the margin of each point in a byte; 0 is unknown.

    It is the root of the margin, because near the line between two classes it must be exact.

    >>> regions = Regions(np.array([[0, 1]]), np.array([[0.0, 1.0]]))
    >>> coded(regions, 2).tolist()
    [[1, 254]]
    """
    levels = LEVELS // kinds
    code = (
        1 + regions.classes.astype(int) * levels + np.round(np.sqrt(regions.margins) * (levels - 1))
    )
    bytes_: NDArray[np.uint8] = np.where(regions.classes == UNKNOWN, 0, code).astype(np.uint8)
    return bytes_


class Shares:
    """Weights and biases as shares of the largest in the film, from -127 to 127.

    If weights grow a thousandfold, as in a training that diverges, they are shares of the largest
    of their moment: else nothing would be seen of the others.

    Parameters:
        moments: of each its layers, shape (nout, nin + 1), the biases last.

    >>> shares = Shares([[np.array([[0.5, -1.0, 0.25]])], [np.array([[2.0, 0.0, 0.5]])]])
    >>> shares.coded(0).tolist(), shares.coded(1).tolist()
    ([32, -64, 64], [127, 0, 127])
    """

    def __init__(self, moments: Sequence[Sequence[NDArray[Any]]]) -> None:
        self.moments = moments
        self.weights = [largest(x[:, :-1] for x in layers) for layers in moments]
        self.biases = [largest(x[:, -1:] for x in layers) for layers in moments]
        if max(self.weights) <= _MUCH * min(filter(None, self.weights), default=0.0):
            self.weights = [max(self.weights)] * len(moments)
            self.biases = [max(self.biases)] * len(moments)

    def coded(self, index: int) -> NDArray[np.int8]:
        """All of a moment, layer by layer, for each neuron its weights and its bias."""
        weight, bias = self.weights[index] or 1.0, self.biases[index] or 1.0
        shares = [
            np.concatenate([x[:, :-1] / weight, x[:, -1:] / bias], axis=1).ravel()
            for x in self.moments[index]
        ]
        whole: NDArray[np.int8] = np.round(np.concatenate(shares) * 127.0).astype(np.int8)
        return whole


def _text(bytes_: NDArray[Any]) -> str:
    return base64.b64encode(bytes_.tobytes()).decode()


# ------------------------------------------------------------------------------ what stays


def _kinds(plane: Plane) -> int:
    return max(len(plane.names), 2)


def _plane(scene: Scene) -> dict[str, Any] | None:
    plane = scene.view.plane
    if plane is None:
        return None
    *_, width, height = scene.frame("plane")
    across, up = plane.scales(width, height)
    kinds = _kinds(plane)
    levels = LEVELS // kinds
    return {
        "side": SIDE,
        "kinds": kinds,
        "box": [across.start, up.end, across.end - across.start, up.start - up.end],
        "size": [width, height],
        "colors": [channels(COLORS[k]) for k in range(kinds)],
        "outlined": bool(plane.names),
        "sureness": [round(plane.read.sureness((i / (levels - 1)) ** 2), 3) for i in range(levels)],
    }


def _network(scene: Scene) -> dict[str, Any] | None:
    network: Network | None = scene.view.network
    if network is None:
        return None
    *_, width, height = scene.frame("network")
    places = network.places(width, height)
    rounded = [[[round(x, 1), round(y, 1)] for x, y in column] for column in places]
    return {"places": rounded, "signs": SIGNS}

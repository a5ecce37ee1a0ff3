"""Random draws: how they are spread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nn.settings.counts import from_one
from viz.colors import Palette
from viz.plots.course.draws import numbers_of
from viz.plots.course.sampling import Array
from viz.plots.figure import Theme, canvas
from viz.plots.looks import calm, legend
from viz.plots.text import plain

DISTINCT = 300  # whole numbers, of which each gets a bar of its own
CURVE = 300  # points of a density

Expected = Callable[[float], Any] | Sequence[float]


def distribution(
    samples: Any,
    expected: Expected | None = None,
    *,
    bins: int | None = None,
    name: str = "",
    ax: Axes | None = None,
    theme: Theme | None = None,
) -> Figure:
    """How samples are spread, and how they should be.

    Whole numbers have a bar for each, as high as its share. Of others, of those that lie more than
    300 apart, and with `bins=` there is a histogram whose bars have the area 1 together, as a
    density has.

    Parameters:
        samples: numbers or Values, shape (n,), such as draws of `nn.probability`.
        expected: the density, or of whole numbers the mass, at a number; or the masses of 0, 1 and
            so on, for bars. Of whole numbers a function is asked at whole ones only.
        bins: of the histogram; by default so many as suit the spread (Freedman & Diaconis, 1981).
        name: of what is drawn.
        ax: where to draw; None for a new figure.
        theme: "light" or "dark".

    Raises:
        ValueError: there are no samples, or one is not finite; masses come for what is no bars.
        TypeError: they are no numbers.

    >>> figure = distribution([0, 1, 1, 1], expected=[0.25, 0.75])
    >>> [float(bar.get_height()) for bar in figure.axes[0].patches]
    [0.25, 0.75]
    """
    numbers = numbers_of(samples)
    if numbers.ndim != 1:
        raise ValueError(f"samples are of shape (n,), not {numbers.shape}")
    bins = None if bins is None else from_one("bins", bins)
    _check_expected(expected, numbers, bins)
    apart = bins is None and _are_whole(numbers) and np.ptp(numbers) < DISTINCT
    place = canvas(ax, theme, (5.2, 3.6))
    (axes,), palette = place.panels, place.palette
    (_bars if apart else _histogram)(axes, numbers, bins, expected, palette)
    axes.set(xlabel=plain(name), ylabel="share" if apart else "density")
    legend(axes, palette, above=place.own)
    calm(axes, palette, grid="y")
    return place.figure


def _are_whole(numbers: Array) -> bool:
    return bool((numbers == np.floor(numbers)).all())


def _check_expected(expected: Any, numbers: Array, bins: int | None) -> None:
    """Raise if masses come for what is no bars, or what comes is neither masses nor a function."""
    if expected is None or callable(expected):
        return
    if np.ndim(expected) != 1 or not len(expected):
        raise TypeError(
            f"expected is a function of a number, or a list of masses, not {expected!r:.60}"
        )
    way_out = ": give expected a function, the density"
    if not _are_whole(numbers):
        raise ValueError(f"masses are for whole numbers, and samples has others{way_out}")
    if bins is not None:
        raise ValueError(f"masses are for bars, and bins= asks for a histogram{way_out}")
    if np.ptp(numbers) >= DISTINCT or len(expected) > DISTINCT:
        raise ValueError(f"masses are for at most {DISTINCT} bars, and here are more{way_out}")


def _bars(
    axes: Axes, numbers: Array, bins: int | None, expected: Expected | None, palette: Palette
) -> None:
    """The share of each whole number, and beside it the mass that it should have."""
    low, high = int(numbers.min()), int(numbers.max())
    if expected is not None and not callable(expected):
        low, high = min(low, 0), max(high, len(expected) - 1)
    places = np.arange(low, high + 1)
    heights = [float(np.mean(numbers == place)) for place in places]
    many = len(places) > 40
    filled = _filled(palette) | ({"linewidth": 0.0} if many else {})
    axes.bar(places, heights, width=1.0 if many else 0.7, label=_count(numbers), **filled)
    if expected is not None:
        masses = [_expected(expected, place) for place in places.tolist()]
        size: dict[str, Any] = {
            "markersize": 3 if many else 14,
            "markeredgewidth": 1.5 if many else 3,
        }
        axes.plot(places, masses, "_", label="expected", color=palette.colors[1], **size)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _histogram(
    axes: Axes, numbers: Array, bins: int | None, expected: Any, palette: Palette
) -> None:
    edges = np.histogram_bin_edges(numbers, "auto" if bins is None else bins)
    if bins is None and len(edges) > 101:
        edges = np.linspace(edges[0], edges[-1], 101)
    axes.hist(numbers, edges.tolist(), density=True, label=_count(numbers), **_filled(palette))
    if expected is not None:
        room = 0.1 * (edges[-1] - edges[0])
        xs = np.linspace(edges[0] - room, edges[-1] + room, CURVE)
        if _are_whole(numbers):
            xs = np.unique(np.clip(xs.round(), numbers.min(), numbers.max()))
        heights = np.array([float(expected(x)) for x in xs.tolist()])
        color = palette.colors[1]
        axes.plot(xs, heights, "--", color=color, linewidth=2.0, label="expected density")


def _filled(palette: Palette) -> dict[str, Any]:
    blue = palette.colors[0]
    return {"color": palette.tint(blue, 0.55), "edgecolor": palette.background, "linewidth": 0.6}


def _count(numbers: Array) -> str:
    return f"{len(numbers):,} sample{'s' * (len(numbers) != 1)}"


def _expected(expected: Any, place: float) -> float:
    if callable(expected):
        return float(expected(place))
    index = int(place)
    return float(expected[index]) if 0 <= index < len(expected) else 0.0

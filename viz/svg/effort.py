"""For how long Graphviz may improve a layout: as long as people wait."""

from __future__ import annotations

from viz.graphs.picture import Picture
from viz.svg.style import Attributes

# Of so many boxes, and of ranks that edges pass, the places are improved no longer than it takes to
# be good; of the most, curves around all boxes would take longer than anyone waits.
EFFORTS: list[tuple[int, Attributes]] = [
    (8000, {"nslimit": "0.1", "nslimit1": "0.1", "mclimit": "0.05", "splines": "line"}),
    (500, {"nslimit": "0.3", "nslimit1": "0.3", "mclimit": "0.3"}),
    (300, {"nslimit": "1"}),
]


def effort(picture: Picture) -> Attributes:
    """What Graphviz is told, the less of it wanted the larger the picture is."""
    size = len(picture.boxes) + _passed(picture)
    return next((effort for many, effort in EFFORTS if size > many), {})


def _passed(picture: Picture) -> int:
    """How many ranks all edges pass on their way, for each of which Graphviz adds a box of its own.

    >>> from autograd import Value
    >>> from viz.graphs.picture import compose
    >>> x = Value(2.0)
    >>> _passed(compose([x, y := x.exp(), z := y.exp(), z + x]))
    2
    """
    edges = [
        (edge.source, target) for target, box in enumerate(picture.boxes) for edge in box.edges
    ]
    ranks = [0] * len(picture.boxes)
    for source, target in edges:
        ranks[target] = max(ranks[target], ranks[source] + 1)
    first: dict[int, int] = {}  # of the users of a leaf, which stands just before it
    for source, target in edges:
        first[source] = min(ranks[target], first.get(source, ranks[target]))
    leaves = {source: rank - 1 for source, rank in first.items() if not picture.boxes[source].edges}
    return sum(max(0, ranks[to] - leaves.get(by, ranks[by]) - 1) for by, to in edges)

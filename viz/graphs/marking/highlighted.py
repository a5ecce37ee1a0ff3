"""`draw(highlight=w)`: the paths of the chain rule that lead to a Value, in the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from autograd import Explanation, Value, explain
from autograd.explanation.paths import Path, ways
from autograd.explanation.text import agrees, counted, name, stored
from autograd.graph import topological_order
from viz.graphs.picture import Box, Edge, Picture, nodes_of
from viz.svg.texts.labels import number

STRONG = 3  # so many of the largest paths are drawn stronger than all others
TOLD = 3  # so many sums stand in the caption
_SINGLE = {"constant", "parameter", "input", "operation"}

Reached = dict[Value, frozenset[int]]


def mark_paths(picture: Picture, roots: Sequence[Value], highlight: Any) -> None:
    """Mark what lies on a path from a root to a Value, or to several, and say how many there are.

    Boxes and edges on a path have the mark "path", those of the largest few also "strong", but not
    where the product is zero. Between neurons the edge that is the Value itself ends the path.

    Parameters:
        highlight: a Value that a root depends on, or several; also one that is not drawn by
            itself, as a weight of a neuron.

    Raises:
        TypeError: it is something else.
        ValueError: no root depends on it.

    >>> from viz.graphs.picture import compose
    >>> x, w = Value(2.0, label="x"), Value(3.0, label="w")
    >>> y = w * x
    >>> mark_paths(picture := compose([w, x, y]), [y], w)
    >>> [sorted(box.marks) for box in picture.boxes]
    [['path'], [], ['path']]
    >>> picture.caption
    '1 path from w*x to w: 2; w.grad is not computed yet: backward() will add this to it'
    """
    said = []
    graphs = {root: set(topological_order(root)) for root in roots}
    painter = _Painter(picture, set[Value]().union(*graphs.values()))
    for leaf in _checked(highlight):
        concerned = [root for root, graph in graphs.items() if leaf in graph]
        for root in concerned or roots[:1]:  # `explain` says what is wrong with that one
            explanation = explain(root, leaf, largest=STRONG)
            painter.paint(explanation)
            said.append(caption(explanation))
    if len(said) > TOLD:
        said[TOLD:] = [f"and so on for {len(said) - TOLD:,} more"]
    picture.caption = "; ".join(filter(None, [picture.caption, *said]))


def _checked(highlight: Any) -> list[Value]:
    leaves = list(highlight) if isinstance(highlight, Iterable) else [highlight]
    for leaf in leaves:
        if not isinstance(leaf, Value):
            raise TypeError(f"highlight= takes a Value or several, not {leaf!r:.60}")
    if not leaves:
        raise ValueError("highlight= of nothing: it needs a Value that the drawn one depends on")
    return list(dict.fromkeys(leaves))


def caption(explanation: Explanation) -> str:
    """How many paths there are, and their sum, in a line.

    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.backward()
    >>> caption(explain(y, x))
    '2 paths from x*x to x: 3 + 3 = 6 = x.grad'
    """
    products = [path.product + 0.0 for path in explanation.paths]  # and so without -0
    terms = [number(product) for product in products]
    if products and not any(products):
        terms = ["all 0"] if explanation.count > 1 else ["0"]
    elif explanation.rest.count:
        terms.append("…")
    total = [number(explanation.total + 0.0)] if len(terms) != 1 else []
    numbers = " = ".join([" + ".join(terms), *total]).removeprefix(" = ").replace("+ -", "- ")
    count = counted(explanation.count, "path")
    between = " = " if agrees(explanation) else "; "
    ends = f"from {name(explanation.root)} to {name(explanation.leaf)}"
    return f"{count} {ends}: {numbers}{between}{stored(explanation)}"


class _Painter:
    """Marks the boxes and edges of a picture by the nodes that they stand for.

    The insides of an opened node stand for none of the graph's.
    """

    def __init__(self, picture: Picture, graph: set[Value]) -> None:
        self.boxes = picture.boxes
        self.places = {
            node: i
            for i, box in enumerate(picture.boxes)
            for node in nodes_of(box)
            if node in graph
        }
        self.drawn = set(self.places.values())

    def paint(self, explanation: Explanation) -> None:
        for target, source in self._steps(explanation):
            self._mark_between(target, source)
        nodes = {explanation.root, explanation.leaf}.intersection(self.places)
        for node in nodes if explanation.count else ():
            self.boxes[self.places[node]].marks.add("path")
        for path in explanation.paths[: min(STRONG, explanation.count - 1)]:
            if path.product != 0.0:
                self._strengthen(path)
        self._paint_weight(explanation.leaf)

    def _paint_weight(self, leaf: Value) -> None:
        """Mark the edges that are the leaf, as those of the neurons that they lead to."""
        for box in self.boxes:
            for edge in box.edges:
                if any(factor is leaf for factor in edge.factors):
                    edge.marks |= box.marks & {"path", "strong"}

    def _steps(self, explanation: Explanation) -> dict[tuple[int, int], None]:
        """From which box to which the paths lead; what is not drawn is passed over."""
        found: dict[tuple[int, int], None] = {}
        nearest: Reached = {}
        leaf = explanation.leaf
        if leaf in self.places:
            nearest[leaf] = frozenset([self.places[leaf]])
        for node, edges in ways(explanation.root, leaf).items():
            reached = frozenset[int]().union(*(nearest.get(e.operand, ()) for e in edges))
            here = self.places.get(node)
            if here is None:
                nearest[node] = reached
            else:
                nearest[node] = frozenset([here])
                self.boxes[here].marks.add("path")
                found |= dict.fromkeys((here, source) for source in reached if source != here)
        return found

    def _mark_between(self, target: int, source: int) -> bool:
        """Mark the edges from one box to another, also through the insides of an opened node."""
        found = False
        for edge in self.boxes[target].edges:
            direct = edge.source == source and self._passes(target, edge)
            inside = edge.source not in self.drawn and edge.partial is not None
            if direct or (inside and self._mark_between(edge.source, source)):
                edge.marks.add("path")
                self.boxes[edge.source].marks.add("path")
                found = True
        return found

    def _passes(self, target: int, edge: Edge) -> bool:
        """Whether a gradient passes the edge; of edges of several nodes that is not known."""
        both = (self.boxes[target], self.boxes[edge.source])
        return edge.partial is not None or not all(map(_is_single, both))

    def _strengthen(self, path: Path) -> None:
        drawn = [(node, self.places[node]) for node in path.nodes if node in self.places]
        for _, place in drawn:
            self.boxes[place].marks.add("strong")
        taken = dict(zip(path.nodes, path.places, strict=False))
        for (node, target), (_, source) in pairwise(drawn):
            edges = [edge for edge in self.boxes[target].edges if edge.source == source]
            if _is_single(self.boxes[target]) and len(edges) > 1:  # as of x * x
                same = [i for i, x in enumerate(node.operands) if self.places.get(x) == source]
                edges = [e for i, e in zip(same, edges, strict=False) if i == taken[node]]
            for edge in edges:
                edge.marks.add("strong")


def _is_single(box: Box) -> bool:
    return box.kind in _SINGLE and box.times == 1

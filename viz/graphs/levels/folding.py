"""Boxes that are alike -> the first few of them, and one that stands for all others.

Alike are boxes of the same kind and operation whose operands are alike, and whose users are: the
neurons of a layer, the inputs of a wide one, the terms of a sum.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from itertools import count

from viz.graphs.picture import Box, Edge, Line, Picture, nodes_of, titled
from viz.svg.texts.labels import DIGITS, MOST_DIGITS, cut, number

ROUNDS = 3


def fold(picture: Picture, most: int, few: int) -> Picture:
    """The same picture, with no more than `most` boxes that are alike: else the first `few`.

    >>> from autograd import Value, total
    >>> from viz.graphs.picture import compose
    >>> xs = [Value(i, label=f"x{i}") for i in range(100)]
    >>> folded = fold(compose([*xs, total(xs)]), most=4, few=2)
    >>> [(box.label, box.times) for box in folded.boxes]
    [('x0', 1), ('x1', 1), ('x2 … x99', 98), ('', 1)]
    """
    return merge(picture, [alike[few:] for alike in _classes(picture) if len(alike) > most])


def merge(picture: Picture, folds: Sequence[Sequence[int]]) -> Picture:
    """The same picture, with one box for the boxes of each fold.

    >>> picture = Picture([Box("input", name) for name in "abc"])
    >>> [box.label for box in merge(picture, [[1, 2]]).boxes]
    ['a', 'b … c']
    """
    if not folds:
        return picture
    # A fold stands where the first of its boxes stood.
    home = {i: members[0] for members in folds for i in members}
    members_of = {members[0]: members for members in folds}
    kept = [i for i in range(len(picture.boxes)) if home.get(i, i) == i]
    place = {old: new for new, old in enumerate(kept)}
    boxes = []
    for old in kept:
        members = [picture.boxes[i] for i in members_of.get(old, [old])]
        box = _folded(members) if len(members) > 1 else replace(members[0])
        box.edges = _joined(members, home, place, old)
        boxes.append(box)
    columns = [
        column._replace(boxes=[place[i] for i in column.boxes if home.get(i, i) == i])
        for column in picture.columns
    ]
    return replace(picture, boxes=boxes, columns=[c for c in columns if c.boxes])


def _classes(picture: Picture) -> list[list[int]]:
    """The boxes that are alike, in their order.

    Forward, then backward, a box is told by its own look and those of the boxes before or behind
    it, so that none is like one that it depends on; then by both, a few times.
    """
    boxes = picture.boxes
    sources = [[edge.source for edge in box.edges] for box in boxes]
    users: list[list[int]] = [[] for _ in boxes]
    for i, given in enumerate(sources):
        for source in given:
            users[source].append(i)
    roots = {*picture.roots}
    looks = _numbered((look(box), box.value in roots) for box in boxes)
    forward = _passed(looks, sources, range(len(boxes)))
    backward = _passed(looks, users, range(len(boxes) - 1, -1, -1))
    colors = _numbered(zip(forward, backward, strict=True))
    for _ in range(ROUNDS):
        colors = _numbered(
            (
                colors[i],
                tuple(sorted({colors[s] for s in sources[i]})),
                tuple(sorted({colors[u] for u in users[i]})),
            )
            for i in range(len(boxes))
        )
    classes: dict[int, list[int]] = {}
    for i, color in enumerate(colors):
        classes.setdefault(color, []).append(i)
    return list(classes.values())


def look(box: Box) -> Hashable:
    """What boxes that are alike have in common, whatever their numbers and names."""
    notes = tuple(line.text if box.kind == "layer" else line.role for line in box.lines)
    name = re.sub(r"[0-9]+", "", box.label) if box.kind == "layer" else ""
    return box.kind, box.symbol, box.group, name, notes


def _passed(looks: Sequence[int], near: Sequence[Sequence[int]], order: Iterable[int]) -> list[int]:
    """Each box told by the looks of all that are before it in the order, and lead to it."""
    numbers: dict[Hashable, int] = {}
    told: list[int | None] = [None] * len(looks)
    for i in order:
        around = tuple(sorted({told[j] or 0 for j in near[i]}))
        # Apart from each other, a few and many of the same are different sums.
        told[i] = 1 + numbers.setdefault((looks[i], around, len(near[i])), len(numbers))
    return [number or 0 for number in told]


def _numbered(keys: Iterable[Hashable]) -> list[int]:
    """A number for each key, by which equal ones are known: in the order in which they come."""
    counting = count()
    numbers: dict[Hashable, int] = {}
    return [
        numbers[key] if key in numbers else numbers.setdefault(key, next(counting)) for key in keys
    ]


def _folded(members: Sequence[Box]) -> Box:
    first, last = members[0], members[-1]
    label = f"{cut(first.label)} … {cut(last.label)}" if first.label and last.label else ""
    lines = [Line("note", f"\N{MULTIPLICATION SIGN} {len(members):,}")]
    lines += [line for line in first.lines if all(line in box.lines for box in members)]
    data = [box.data for box in members if box.data is not None]
    grads = [box.grad for box in members if box.grad is not None]
    if data:
        of = "norm " if first.kind == "layer" else ""
        lines.append(Line("data", spread(of.strip() or "data", data)))
        if first.kind != "constant":
            lines.append(Line("grad", spread(f"grad {of}".strip(), grads)))
    return Box(
        first.kind,
        label,
        first.symbol,
        group=first.group,
        times=len(members),
        lines=lines,
        hover="\n".join([titled(label, first.symbol), *(line.text for line in lines)]).strip(),
        marks={"folded"},
        nodes=[node for box in members for node in nodes_of(box)],
        inside=[node for box in members for node in box.inside],
    )


def spread(what: str, numbers: Sequence[float]) -> str:
    """The smallest and the largest, and how many are not numbers.

    >>> spread("data", [0.1, 0.1 + 1e-9])
    'data 0.1 … 0.100000001'
    >>> spread("data", [3.0, -1.0]), spread("grad", [2.0, 2.0, float("nan")]), spread("grad", [])
    ('data -1 … 3', 'grad 2, 1 NaN', 'grad —')
    """
    told = [x for x in numbers if not math.isnan(x)]
    if not numbers:
        return f"{what} {number(None)}"
    texts = [_between(min(told), max(told))] if told else []
    if missing := len(numbers) - len(told):
        texts.append(f"{missing:,} NaN")
    return f"{what} {', '.join(texts)}"


def _between(least: float, most: float) -> str:
    """With as many digits as tell them apart, if they differ."""
    if least == most:
        return number(least)
    pairs = ((number(least, n), number(most, n)) for n in range(DIGITS, MOST_DIGITS + 1))
    return " … ".join(next(pair for pair in pairs if pair[0] != pair[1]))


def _joined(
    members: Sequence[Box], home: dict[int, int], place: dict[int, int], target: int
) -> list[Edge]:
    """The edges of one or several boxes, one for all that come from the same fold, none within."""
    single = len(members) == 1
    gathered: dict[Hashable, list[Edge]] = {}
    for box in members:
        for position, edge in enumerate(box.edges):
            source = home.get(edge.source, edge.source)
            if source == target:
                continue
            alone = single and edge.source not in home
            gathered.setdefault((source, position if alone else None), []).append(edge)
    edges = []
    for (source, position), same in gathered.items():  # type: ignore[misc]
        if position is not None:
            edges.append(replace(same[0], source=place[source]))
        else:
            edges.append(_fold_edge(place[source], same))
    return edges


def _fold_edge(source: int, edges: Sequence[Edge]) -> Edge:
    weights = [edge.weight for edge in edges if edge.weight is not None]
    hover = spread(f"{len(weights):,} weights", weights) if weights else ""
    return Edge(
        source,
        count=sum(edge.count for edge in edges),
        factors=tuple(factor for edge in edges for factor in edge.factors),
        hover=hover,
        marks={"folded"}.union(*(edge.marks & {"nan", "infinite"} for edge in edges)),
    )

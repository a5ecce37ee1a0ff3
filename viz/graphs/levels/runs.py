"""Layers that are alike and follow each other, as the blocks of a transformer."""

from __future__ import annotations

from viz.graphs.levels.folding import look, merge
from viz.graphs.picture import Picture


def fold_runs(picture: Picture, most: int, few: int) -> Picture:
    """The same picture, with no more than `most` such layers in a row: else the first `few`.

    >>> from viz.graphs.picture import Box, Edge
    >>> blocks = [Box("layer", f"block{i}", edges=[Edge(i - 1)] if i else []) for i in range(9)]
    >>> [(box.label, box.times) for box in fold_runs(Picture(blocks), most=4, few=2).boxes]
    [('block0', 1), ('block1', 1), ('block2 … block8', 7)]
    """
    return merge(picture, [run[few:] for run in _runs(picture) if len(run) > most])


def _runs(picture: Picture) -> list[list[int]]:
    looks = [look(box) for box in picture.boxes]
    sources = [{edge.source for edge in box.edges} for box in picture.boxes]
    users: list[set[int]] = [set() for _ in picture.boxes]
    for i, given in enumerate(sources):
        for source in given:
            users[source].add(i)
    runs: dict[int, list[int]] = {}  # by the last of each
    for i, box in enumerate(picture.boxes):
        before = next(iter(sources[i])) if len(sources[i]) == 1 else i
        goes_on = before in runs and looks[before] == looks[i] and users[before] == {i}
        if box.kind == "layer":
            runs[i] = [*runs.pop(before), i] if goes_on else [i]
    return list(runs.values())

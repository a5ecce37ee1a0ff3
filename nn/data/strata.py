"""Stratified parts: of each class its share (Neyman, 1934)."""

from __future__ import annotations

from heapq import heapify, heappop, heapreplace
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]


def check_classes(y: NDArray[Any], least: int, why: str) -> None:
    """Raise ValueError for a class that has fewer examples than the least."""
    try:
        names, counts = np.unique(y, return_counts=True)
    except TypeError as error:
        raise ValueError(f"classes are sorted, so they must be of one kind: {error}") from None
    for name, count in zip(names.tolist(), counts.tolist(), strict=True):
        if count < least:
            raise ValueError(
                f"class {name!r} has {count} of the {len(y)} examples and needs {least}, {why}: "
                "leave it out, get more of it, or say stratify=False"
            )


def check_parts(test: float, held_out: int, y: NDArray[Any]) -> None:
    """Raise ValueError if a part has fewer examples than there are classes."""
    classes, n = len(np.unique(y)), len(y)
    if not classes <= held_out <= n - classes:
        part, least = "test" if held_out < classes else "training", ceil(1000 * classes / n) / 1000
        raise ValueError(
            f"with test={test} the {part} part has {min(held_out, n - held_out)} of the {n} "
            f"examples, and cannot have one of each of the {classes} classes: say a test from "
            f"{least:g} to {1 - least:g}, or stratify=False"
        )


def by_class(order: Indices, y: NDArray[Any]) -> Indices:
    """The same, the classes one after another."""
    return order[np.argsort(y[order], kind="stable")]


def evenly(order: Indices, y: NDArray[Any], count: int) -> Indices:
    """The same, so many at the front that have their share of each class, and one at least.

    They are picked at equal distances from all, one class after another.
    """
    ordered = by_class(order, y)
    picked = np.zeros(len(order), dtype=bool)
    places = (np.arange(count) + 0.5) * len(order) / count
    picked[places.astype(np.intp)] = True
    sizes = np.unique(y, return_counts=True)[1]
    ends = np.cumsum(sizes)
    found = np.add.reduceat(picked, ends - sizes, dtype=np.intp)
    wanted = _in_both_parts(found, sizes, count)
    for i in np.flatnonzero(wanted != found):  # Seldom: a class of few examples is in one part.
        of_class = picked[ends[i] - sizes[i] : ends[i]]
        of_class[:] = np.argsort(np.argsort(~of_class, kind="stable")) < wanted[i]
    front = np.zeros(len(order), dtype=bool)
    front[ordered[picked]] = True
    return np.concatenate([order[front[order]], order[~front[order]]])


def _in_both_parts(found: Indices, sizes: Indices, count: int) -> Indices:
    """So many of each class that each is in both parts, `count` in all; as they are if they do.

    What a class without its share gets, those give that are furthest above theirs.
    """
    wanted = np.clip(found, 1, sizes - 1)
    too_many = int(wanted.sum()) - count
    sign = 1 if too_many > 0 else -1
    room = wanted - 1 if too_many > 0 else sizes - 1 - wanted
    above = sign * (wanted - count * sizes / sizes.sum())
    furthest = [(-above[i], i) for i in np.flatnonzero(room).tolist()] if too_many else []
    heapify(furthest)
    for _ in range(abs(too_many)):
        below, i = furthest[0]
        wanted[i] -= sign
        room[i] -= 1
        if room[i]:
            heapreplace(furthest, (below + 1, i))
        else:
            heappop(furthest)
    return wanted

"""Colours as numbers, and what lies between two of them."""

from __future__ import annotations


def mixed(first: str, second: str, share: float) -> str:
    """A colour between two, as much of the second as the share says.

    >>> mixed("#000000", "#ff8000", 0.5)
    '#804000'
    """
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)


def channels(color: str) -> tuple[int, int, int]:
    """Red, green and blue, from 0 to 255.

    >>> channels("#ff8000")
    (255, 128, 0)
    """
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)

"""Names in a source: whatever a person calls a thing, it is a short identifier there."""

from __future__ import annotations

import re

_LONGEST = 60


def identifier(text: str) -> str:
    """A name that can stand in source for what is called `text`.

    It is ASCII, because Python takes some letters for others (`ﬁ` for `fi`), and never one of
    the names with two leading underscores, which mean something to the interpreter. A keyword
    stays one: that is for the caller to avoid, as all names that have a meaning there.

    >>> [identifier(text) for text in ("layer0.relu", "0", "a b", "température", "__builtins__")]
    ['layer0_relu', '_0', 'a_b', 'temp_rature', 'builtins__']
    """
    name = re.sub("[^0-9A-Za-z_]", "_", text).lstrip("_")[:_LONGEST]
    return name if name[:1].isalpha() else f"_{name}"

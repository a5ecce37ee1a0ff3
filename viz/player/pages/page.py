"""The page of a player: one HTML file with everything in it, which asks nobody for anything.

Its script is what stands beside this file, and runs because the page's policy knows its hash:
nothing else does. Texts of the graph's owner are data, which the script shows as text. The data,
which say much alike at each step, are compressed to about a fifth.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
import zlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Literal

from viz.svg import style
from viz.svg.texts.labels import readable
from viz.svg.theme import DARK

Stage = Literal["steps", "film"]

# What each stage is made of, after the transport that they share.
SCRIPTS: dict[Stage, tuple[str, ...]] = {
    "steps": ("player.js", "picture.js", "question.js", "inspector.js", "steps.js"),
    "film": ("player.js", "film.js"),
}
STYLES: dict[Stage, tuple[str, ...]] = {
    "steps": ("player.css",),
    "film": ("player.css", "film.css"),
}

# What hovering tells stands with the data: it is long, and nobody should know it before the end.
_TITLE = re.compile(r'(<g id="([ne]\d+)"[^>]*>)\s*<title>([^<]*)</title>')

_COMMENT = re.compile(r"//|/\*.*\*/$")


def page(stage: Stage, title: str, body: str, data: Mapping[str, Any]) -> str:
    """The page, complete, as HTML text to be written in UTF-8.

    Parameters:
        stage: what is played; `data["kind"]` says the same.
        title: anybody's text.
        body: the picture, which is seen as it is where no script runs; SVG or HTML of ours.
        data: what the script shows, anybody's texts in it; numbers that are not finite become
            their names.

    >>> made = page("steps", "a < b", "<svg></svg>", {"kind": "steps", "title": "</script>"})
    >>> "<h1>a &lt; b</h1>" in made, made.count("</script>")
    (True, 2)
    """
    script = "".join(map(_part, SCRIPTS[stage]))
    titles = {id: html.unescape(title) for _, id, title in _TITLE.findall(body)}
    return Template(_part("player.html")).substitute(
        policy=_policy(script),
        title=html.escape(readable(title)),
        style=_colours() + "".join(map(_part, STYLES[stage])),
        body=_TITLE.sub(r"\1", body),
        data=_packed({**data, "titles": titles}),
        script=script,
    )


@cache
def _part(name: str) -> str:
    """A file that stands beside this one, without indentation and lines that are comments."""
    text = files("viz.player.pages").joinpath(name).read_text("utf-8")
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not _COMMENT.match(line))


def _colours() -> str:
    """The colours of the drawings, which the page shares."""
    shared = {"paper": style.PAPER, "ink": style.INK, "soft": style.QUIET}
    sets = (f"--{name}:light-dark({light},{DARK[light]})" for name, light in shared.items())
    return f":root{{{';'.join(sets)}}}"


def _policy(script: str) -> str:
    """No request, no script but this one."""
    # What the page has between the tags begins with a line break.
    digest = base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{digest}'"
    )


def _packed(data: Mapping[str, Any]) -> str:
    """JSON, compressed, in letters and digits: nothing in it can end the element it stands in."""
    text = json.dumps(_finite(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(readable(text).encode(), 9)).decode()


def _finite(data: Any) -> Any:
    """The data with "inf", "-inf" and "nan" for the numbers that JSON does not have."""
    match data:
        case float() if not math.isfinite(data):
            return str(data)
        case dict():
            return {key: _finite(value) for key, value in data.items()}
        case list() | tuple():
            return [_finite(value) for value in data]
    return data

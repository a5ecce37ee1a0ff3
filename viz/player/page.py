"""The page of a player: one HTML file with everything in it, which asks nobody for anything.

Its script is what stands beside this file, and runs because the page's policy knows its hash:
nothing else does. Texts of the graph's owner are data, which the script shows as text.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Literal

from viz.svg.labels import readable

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

# Characters that could end the element that the data stand in, or a line of a script.
_ESCAPES = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


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
    return Template(_part("player.html")).substitute(
        policy=_policy(script),
        title=html.escape(readable(title)),
        style="".join(map(_part, STYLES[stage])),
        body=body,
        data=_json(data),
        script=script,
    )


@cache
def _part(name: str) -> str:
    return files("viz.player").joinpath(name).read_text("utf-8")


def _policy(script: str) -> str:
    """No request, no script but this one."""
    # What the page has between the tags begins with a line break.
    digest = base64.b64encode(hashlib.sha256(f"\n{script}".encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{digest}'"
    )


def _json(data: Mapping[str, Any]) -> str:
    text = json.dumps(_finite(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return readable(text).translate(_ESCAPES)


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

"""A page within a notebook: in a frame of its own, over a picture for where frames are not shown.

Where scripts run, the frame plays. Where the frame is there and scripts are not, its page is a
picture. Where frames are taken out, as in notebooks that are not trusted and on code hosts, what
lay beneath is seen: an image, because inline SVG is taken out there too.
"""

from __future__ import annotations

import base64
import html
import math
import re

from viz.svg.texts.labels import readable

# With a frame there is only the frame; a sanitizer that takes it out takes out the style sheet,
# or leaves one that says nothing. Browsers that do not know :has() see the frame over the image.
_STYLE = ".chainrule-player:has(> iframe) > img { display: none }"

# In pixels, as player.css and picture.js have them.
WIDTH, MARGINS = 900, 32
CONTROLS = 252  # title, rule and buttons
HIGHEST = 480  # picture
SMALLEST = 0.6  # scale

_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)pt" height="([\d.]+)pt"')


def embedded(page: str, static: str, height: int, title: str) -> str:
    """HTML for the output of a notebook.

    Parameters:
        page: the player's page, as `page` gives it.
        static: the picture as SVG, in its last state.
        height: of the frame, in pixels.
        title: what frame and picture are called, anybody's text.

    >>> output = embedded("<p>played</p>", "<svg/>", 300, "a & b")
    >>> 'srcdoc="&lt;p&gt;played' in output, 'alt="a &amp; b"' in output
    (True, True)
    """
    name = html.escape(readable(title))
    image = base64.b64encode(static.encode()).decode()
    return (
        f"<style>{_STYLE}</style>"
        '<div class="chainrule-player" style="display: grid">'
        f'<img src="data:image/svg+xml;base64,{image}" alt="{name}" '
        'style="grid-area: 1 / 1; max-width: 100%">'
        f'<iframe srcdoc="{html.escape(page)}" sandbox="allow-scripts" title="{name}" '
        f'height="{height}" style="grid-area: 1 / 1; width: 100%; border: 0"></iframe>'
        "</div>"
    )


def frame_height(svg: str) -> int:
    """How many pixels high the frame must be for a page with this picture, 900 pixels wide.

    Pictures that are too wide are shown smaller, and so are those that are too high, down to a
    scale at which they are scrolled.

    >>> frame_height('<svg width="470pt" height="189pt"></svg>')
    504
    """
    found = _SIZE.search(svg)
    if found is None:
        raise ValueError(f"an SVG whose width and height are in points, not {svg[:60]!r}")
    width, height = (float(points) * 4 / 3 for points in found.groups())
    scale = min(1.0, max(SMALLEST, (WIDTH - MARGINS) / width))
    return CONTROLS + math.ceil(min(scale * height, HIGHEST))

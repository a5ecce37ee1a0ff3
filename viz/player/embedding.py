"""A page within a notebook: in a frame of its own, over a picture for where frames are not shown.

Where scripts run, the frame plays. Where the frame is there and scripts are not, its page is a
picture. Where frames are taken out, as in notebooks that are not trusted and on code hosts, what
lay beneath is seen: an image, because inline SVG is taken out there too.
"""

from __future__ import annotations

import base64
import html

from viz.svg.labels import readable

# With a frame there is only the frame; a sanitizer that takes it out takes out the style sheet,
# or leaves one that says nothing. Browsers that do not know :has() see the frame over the image.
_STYLE = ".chainrule-player:has(> iframe) > img { display: none }"
_SHARED = "grid-area: 1 / 1; width: 100%"


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
        f'height="{height}" style="{_SHARED}; border: 0"></iframe>'
        "</div>"
    )

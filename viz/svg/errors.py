"""What goes wrong with a picture."""

from __future__ import annotations


class RenderingError(RuntimeError):
    """A drawing could not be rendered; the message says why and what to do."""

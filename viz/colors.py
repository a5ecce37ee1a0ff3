"""The colours of plots, films and live pictures, which the colour-blind can tell apart.

Nothing is told by colour alone: classes have markers, and curves have dashes.
"""

from __future__ import annotations

INK = "#1e293b"
QUIET = "#64748b"
COLORS = ("#3b6fb6", "#e07b39", "#3f9c6d", "#b4539d", "#8c6d31", "#4d8fa8", "#c2504f", "#7a6fc0")
TINTS = ("#dbe7f6", "#fae3d3", "#dcf0e4", "#f3deee", "#eee6d4", "#dcebf1", "#f6dcdc", "#e5e2f5")
MARKERS = "os^DvP*X"

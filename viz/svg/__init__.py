"""Boxes and edges as SVG: DOT, Graphviz, and what is added to its picture."""

"""Graphs as boxes and edges: what is drawn, before it is decided how it looks."""

"""Chainrule against its peers, and its own time and memory: `python -m benchmarks`."""

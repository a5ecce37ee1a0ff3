"""Plots of a network and its training: how it went, and what came to be within."""

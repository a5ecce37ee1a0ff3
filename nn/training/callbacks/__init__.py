"""Callbacks: what is told of each step and epoch of a training."""

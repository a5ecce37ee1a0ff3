"""Folding: the same function in fewer nodes."""

from autograd.compiler.folding.passes import folded
from autograd.compiler.folding.simplification import simplified
from autograd.compiler.folding.sums import summed

__all__ = ["folded", "simplified", "summed"]

"""How a gradient came about: the paths of the chain rule, counted, ranked and told."""

from autograd.explanation.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]

"""Probability: random draws, entropies of distributions, and moments of numbers.

`uniform` here has bounds; the engine's own, `autograd.uniform`, draws from 0 to 1. The losses
`nn.cross_entropy`, `nn.categorical_cross_entropy` and `nn.kl_divergence` are for what a model says
and a target; what is here is for two distributions, the true one first.
"""

from nn.probability.draws import bernoulli, categorical, normal, uniform
from nn.probability.entropies import cross_entropy, entropy, kl_divergence
from nn.probability.moments import mean, standard_deviation, variance

__all__ = [
    "bernoulli",
    "categorical",
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "mean",
    "normal",
    "standard_deviation",
    "uniform",
    "variance",
]

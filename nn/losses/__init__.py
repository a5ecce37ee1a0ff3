"""Losses: how wrong the prediction for one example is, as a Value to be minimised."""

from nn.losses.binary import (
    BINARY,
    SIGNS,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
)
from nn.losses.classes import DISTRIBUTION, categorical_cross_entropy, cross_entropy, kl_divergence
from nn.losses.regression import huber, mae, mse

__all__ = [
    "BINARY",
    "DISTRIBUTION",
    "SIGNS",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "cross_entropy",
    "hinge",
    "huber",
    "kl_divergence",
    "mae",
    "mse",
]

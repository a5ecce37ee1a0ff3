"""Optimizers: from gradients to new parameters, each a formula on vectors."""

from nn.optimizers.adaptive import AdaGrad, Adam, AdamW, RMSProp
from nn.optimizers.descent import SGD
from nn.optimizers.optimizer import Optimizer

__all__ = ["SGD", "AdaGrad", "Adam", "AdamW", "Optimizer", "RMSProp"]

"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from autograd import installation as installation
from nn import probability as probability
from nn.data import Dataset, digits, moons, spiral, split, standardize
from nn.functional import accuracy, log_softmax, softmax
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    hinge,
    mse,
)
from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.optimizers import SGD, Adam, Optimizer
from nn.parameter import Parameter
from nn.training import DivergenceError, History, InterruptionWarning, fit, predict

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Dataset",
    "DivergenceError",
    "History",
    "InterruptionWarning",
    "Layer",
    "Module",
    "Neuron",
    "Optimizer",
    "Parameter",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "cross_entropy",
    "digits",
    "fit",
    "hinge",
    "log_softmax",
    "moons",
    "mse",
    "predict",
    "probability",
    "softmax",
    "spiral",
    "split",
    "standardize",
]

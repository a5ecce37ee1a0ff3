"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from autograd import installation as installation
from nn.clipping import clip_by_norm, clip_by_value
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
from nn.optimizers import SGD, AdaGrad, Adam, AdamW, Optimizer, RMSProp
from nn.parameter import Parameter
from nn.regularization import L1, L2
from nn.schedules import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    LinearDecay,
    StepDecay,
    WarmUp,
)
from nn.training import DivergenceError, History, InterruptionWarning, fit, predict

__all__ = [
    "L1",
    "L2",
    "MLP",
    "SGD",
    "AdaGrad",
    "Adam",
    "AdamW",
    "CosineDecay",
    "Dataset",
    "DivergenceError",
    "ExponentialDecay",
    "History",
    "InterruptionWarning",
    "InverseTimeDecay",
    "Layer",
    "LinearDecay",
    "Module",
    "Neuron",
    "Optimizer",
    "Parameter",
    "RMSProp",
    "StepDecay",
    "WarmUp",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "clip_by_norm",
    "clip_by_value",
    "cross_entropy",
    "digits",
    "fit",
    "hinge",
    "log_softmax",
    "moons",
    "mse",
    "predict",
    "softmax",
    "spiral",
    "split",
    "standardize",
]

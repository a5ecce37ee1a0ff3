"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from autograd import installation as installation
from nn.clipping import clip_by_norm, clip_by_value
from nn.data import Dataset, digits, moons, spiral, split, standardize
from nn.dropout import Dropout
from nn.functional import accuracy, log_softmax, softmax
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    hinge,
    mse,
)
from nn.matrices import LayerJacobian, layer_jacobian
from nn.mlp import MLP
from nn.module import Module
from nn.neuron import Layer, Neuron
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
from nn.sequential import Sequential
from nn.training import DivergenceError, History, InterruptionWarning, Progress, fit, predict

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
    "Dropout",
    "ExponentialDecay",
    "History",
    "InterruptionWarning",
    "InverseTimeDecay",
    "Layer",
    "LayerJacobian",
    "LinearDecay",
    "Module",
    "Neuron",
    "Optimizer",
    "Parameter",
    "Progress",
    "RMSProp",
    "Sequential",
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
    "layer_jacobian",
    "log_softmax",
    "moons",
    "mse",
    "predict",
    "softmax",
    "spiral",
    "split",
    "standardize",
]

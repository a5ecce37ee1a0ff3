"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from autograd import installation as installation
from nn.data import Dataset, digits, moons, spiral, split, standardize
from nn.dropout import Dropout
from nn.exchange import (
    Checkpoint,
    CheckpointError,
    ConversionError,
    load,
    save,
    to_onnx,
    to_torch,
)
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
from nn.optimizers import SGD, Adam, Optimizer
from nn.parameter import Parameter
from nn.sequential import Sequential
from nn.training import DivergenceError, History, InterruptionWarning, fit, predict

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Checkpoint",
    "CheckpointError",
    "ConversionError",
    "Dataset",
    "DivergenceError",
    "Dropout",
    "History",
    "InterruptionWarning",
    "Layer",
    "LayerJacobian",
    "Module",
    "Neuron",
    "Optimizer",
    "Parameter",
    "Sequential",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "cross_entropy",
    "digits",
    "fit",
    "hinge",
    "layer_jacobian",
    "load",
    "log_softmax",
    "moons",
    "mse",
    "predict",
    "save",
    "softmax",
    "spiral",
    "split",
    "standardize",
    "to_onnx",
    "to_torch",
]

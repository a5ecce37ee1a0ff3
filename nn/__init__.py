"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from autograd import installation as installation
from nn.data import (
    Columns,
    DataError,
    Dataset,
    MinMaxScaler,
    StandardScaler,
    Table,
    Vocabulary,
    circles,
    digits,
    k_folds,
    moons,
    one_hot,
    read_csv,
    read_idx,
    read_mnist,
    spiral,
    split,
    windows,
    words,
    xor,
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
from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.optimizers import SGD, Adam, Optimizer
from nn.parameter import Parameter
from nn.training import DivergenceError, History, InterruptionWarning, fit, predict

__all__ = [
    "MLP",
    "SGD",
    "Adam",
    "Columns",
    "DataError",
    "Dataset",
    "DivergenceError",
    "History",
    "InterruptionWarning",
    "Layer",
    "MinMaxScaler",
    "Module",
    "Neuron",
    "Optimizer",
    "Parameter",
    "StandardScaler",
    "Table",
    "Vocabulary",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "circles",
    "cross_entropy",
    "digits",
    "fit",
    "hinge",
    "k_folds",
    "log_softmax",
    "moons",
    "mse",
    "one_hot",
    "predict",
    "read_csv",
    "read_idx",
    "read_mnist",
    "softmax",
    "spiral",
    "split",
    "windows",
    "words",
    "xor",
]

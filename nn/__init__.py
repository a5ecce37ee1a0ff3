"""Chainrule's networks: neurons and layers made of Values, losses, optimizers, training."""

from autograd import installation as installation
from nn.attention import MultiHeadAttention, causal_mask, scaled_dot_product_attention
from nn.data import Dataset, digits, moons, spiral, split, standardize
from nn.embedding import Embedding, LearnedPositions, SinusoidalPositions
from nn.functional import accuracy, log_softmax, softmax
from nn.gpt import GPT
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
from nn.normalization import LayerNorm, RMSNorm
from nn.optimizers import SGD, Adam, Optimizer
from nn.parameter import Parameter
from nn.projection import Projection
from nn.training import DivergenceError, History, InterruptionWarning, fit, predict
from nn.transformer import FeedForward, TransformerBlock

__all__ = [
    "GPT",
    "MLP",
    "SGD",
    "Adam",
    "Dataset",
    "DivergenceError",
    "Embedding",
    "FeedForward",
    "History",
    "InterruptionWarning",
    "Layer",
    "LayerNorm",
    "LearnedPositions",
    "Module",
    "MultiHeadAttention",
    "Neuron",
    "Optimizer",
    "Parameter",
    "Projection",
    "RMSNorm",
    "SinusoidalPositions",
    "TransformerBlock",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "categorical_cross_entropy",
    "causal_mask",
    "cross_entropy",
    "digits",
    "fit",
    "hinge",
    "log_softmax",
    "moons",
    "mse",
    "predict",
    "scaled_dot_product_attention",
    "softmax",
    "spiral",
    "split",
    "standardize",
]

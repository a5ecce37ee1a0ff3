"""Callbacks: what is told of each step and epoch of a training."""

from nn.training.callbacks.checkpoints import Checkpoints
from nn.training.callbacks.early_stopping import EarlyStopping

__all__ = ["Checkpoints", "EarlyStopping"]

"""Data: sets to learn from, what reads one's own, and what prepares them for training."""

from nn.data.datasets import Dataset, digits
from nn.data.encoding import one_hot
from nn.data.plane import circles, moons, spiral, xor
from nn.data.scaling import MinMaxScaler, StandardScaler
from nn.data.splitting import k_folds, split

__all__ = [
    "Dataset",
    "MinMaxScaler",
    "StandardScaler",
    "circles",
    "digits",
    "k_folds",
    "moons",
    "one_hot",
    "spiral",
    "split",
    "xor",
]

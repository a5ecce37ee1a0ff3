"""Data: sets to learn from, what reads one's own, and what prepares them for training."""

from nn.data.datasets import Dataset, digits
from nn.data.encoding import one_hot
from nn.data.plane import circles, moons, spiral, xor
from nn.data.scaling import MinMaxScaler, StandardScaler
from nn.data.splitting import k_folds, split
from nn.data.text import windows, words
from nn.data.vocabulary import Vocabulary

__all__ = [
    "Dataset",
    "MinMaxScaler",
    "StandardScaler",
    "Vocabulary",
    "circles",
    "digits",
    "k_folds",
    "moons",
    "one_hot",
    "spiral",
    "split",
    "windows",
    "words",
    "xor",
]

"""Data: sets to learn from, what reads one's own, and what prepares them for training."""

from nn.data.datasets import Dataset, digits
from nn.data.encoding import one_hot
from nn.data.errors import DataError
from nn.data.plane import circles, moons, spiral, xor
from nn.data.readers import Columns, Table, read_csv, read_idx, read_mnist
from nn.data.scaling import MinMaxScaler, StandardScaler
from nn.data.splitting import k_folds, split
from nn.data.text import windows, words
from nn.data.vocabulary import Vocabulary

__all__ = [
    "Columns",
    "DataError",
    "Dataset",
    "MinMaxScaler",
    "StandardScaler",
    "Table",
    "Vocabulary",
    "circles",
    "digits",
    "k_folds",
    "moons",
    "one_hot",
    "read_csv",
    "read_idx",
    "read_mnist",
    "spiral",
    "split",
    "windows",
    "words",
    "xor",
]

"""Readers of files: tables in CSV, arrays in IDX, MNIST."""

from nn.data.readers.columns import Column, Columns
from nn.data.readers.idx import read_idx
from nn.data.readers.mnist import read_mnist
from nn.data.readers.table import Table, read_csv

__all__ = ["Column", "Columns", "Table", "read_csv", "read_idx", "read_mnist"]

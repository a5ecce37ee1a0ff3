"""MNIST and what comes in the same four files, such as Fashion-MNIST."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np

from nn.data.datasets import Dataset
from nn.data.errors import DataError
from nn.data.readers.idx import read_idx

CLASSES = 10


def read_mnist(folder: str | PathLike[str]) -> tuple[Dataset, Dataset]:
    """The training and the test part of MNIST (LeCun, Cortes & Burges, 1998), from its files.

    They are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, and the same with `t10k`, plain
    or as .gz. Nothing is downloaded.

    Returns:
        Two data sets, of 60,000 and 10,000 examples: 784 pixels, row by row, from 0 (paper) to 1
        (ink), and their classes from 0 to 9.

    Raises:
        DataError: a file is not what it must be; it names the file.
        FileNotFoundError: one of the files is not there.

    With the files in the folder "MNIST/raw"::

        training, test = read_mnist("MNIST/raw")
        model = MLP(784, [32, 10], seed=0)
        fit(model, training.X, training.y, validation=(test.X, test.y))
    """
    folder = Path(folder)
    training, test = (_part(folder, part) for part in ("train", "t10k"))
    return training, test


def _part(folder: Path, part: str) -> Dataset:
    images_file = _file(folder, f"{part}-images-idx3-ubyte")
    labels_file = _file(folder, f"{part}-labels-idx1-ubyte")
    labels, images = read_idx(labels_file), read_idx(images_file)
    for file, array, axes in ((labels_file, labels, 1), (images_file, images, 3)):
        if array.ndim != axes or array.dtype != np.uint8:
            raise DataError(
                f"{file} should have bytes along {axes} axes, and has {array.dtype} along "
                f"{array.ndim}, shape {array.shape}"
            )
    if len(images) != len(labels):
        raise DataError(
            f"{images_file} has {len(images):,} images, "
            f"and {labels_file} has {len(labels):,} labels"
        )
    for place in np.flatnonzero(labels >= CLASSES)[:1]:
        raise DataError(
            f"{labels_file}: label {place} is {labels[place]}, "
            f"and the classes are from 0 to {CLASSES - 1}"
        )
    X = images.reshape(len(images), -1) / 255.0
    return Dataset(f"{folder.name} {part}", X, labels.astype(np.int64), CLASSES)


def _file(folder: Path, name: str) -> Path:
    """The file of this name, plain or gzipped; with a dot, as some archives have it, too."""
    for candidate in (name, name.replace("-idx", ".idx")):
        for ending in ("", ".gz"):
            if (path := folder / f"{candidate}{ending}").is_file():
                return path
    raise FileNotFoundError(f"{folder} has neither {name} nor {name}.gz")

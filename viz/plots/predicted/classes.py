"""Classes from what a classifier gives, read in the one right way or not at all."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST = 100  # classes; each is an area with an outline, and eight colours must do for them


def labels_of(y: NDArray[Any]) -> NDArray[Any]:
    """The classes that there are among the examples, each once, in order."""
    _numbers("y", y)
    labels = np.unique(y)
    _not_too_many("y", labels)
    return labels


class Reading(NamedTuple):
    """What was predicted for each of n points.

    Attributes:
        predicted: the class of each point, shape (n,).
        among: the classes that the shares are of, shape (k,); without shares none.
        shares: how sure each of them is, from 0 to 1, shape (n, k). A class is where its share is
            the largest.
    """

    predicted: NDArray[Any]
    among: NDArray[Any]
    shares: NDArray[np.float64]


def read(
    predicted: ArrayLike, count: int, labels: NDArray[Any], threshold: float | None
) -> Reading:
    """The class of each point, from classes or scores.

    Scores that are no probabilities are taken for logits: how sure they are is their softmax, or
    the sigmoid of how far one is above the threshold.

    Parameters:
        labels: the classes of the examples.
        threshold: above which one score stands for the second of them.
    """
    given = np.asarray(predicted)
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.ndim not in (1, 2) or len(given) != count or given.shape[1:] == (0,):
        raise ValueError(
            f"predict() gave the shape {np.shape(predicted)} for {count} points: "
            f"({count},) classes or scores, or ({count}, k) scores are expected"
        )
    _numbers("what predict() gave", given)
    if given.ndim == 2:
        return _largest(given, labels, threshold)
    if threshold is not None:
        return _above(threshold, given, labels)
    if given.dtype == bool:
        if np.isin(labels, [0, 1]).all():
            return _flat(given.astype(int))
        return _flat(_above(0.5, given, labels).predicted)
    if np.isin(given, labels).all():
        return _flat(given)
    if np.all(np.isfinite(given) & (given == np.floor(given))):
        return _flat(_classes(given, labels))
    if given.min() >= 0 and given.max() <= 1:
        raise ValueError(
            "predict() gave a number from 0 to 1 for each point: say threshold=0.5 if they are "
            "probabilities, or threshold=0 if they are scores"
        )
    return _above(0.0, given, labels)


def _flat(classes: NDArray[Any]) -> Reading:
    """Nothing but classes: how sure they are is not known."""
    return Reading(classes, np.zeros(0), np.zeros((len(classes), 0)))


def _classes(given: NDArray[Any], labels: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers, not all of them among the labels: the examples may lack a class."""
    _not_too_many("what predict() gave", np.unique(given))
    strange = given[~np.isin(given, labels)].min()
    if min(labels.min(), given.min()) < 0:
        raise ValueError(
            f"predict() gave {strange:g}, and the classes of y are {_listed(labels)}: let it give "
            "one of them for each point, or say threshold=0 if it gives scores"
        )
    return given


def _largest(scores: NDArray[Any], labels: NDArray[Any], threshold: float | None) -> Reading:
    classes = np.arange(scores.shape[1])
    if threshold is not None:
        raise ValueError(
            f"threshold={threshold} is for one score, and predict() gave {len(classes)} for each "
            "point, the largest of which wins"
        )
    if strange := [label for label in labels.tolist() if label not in classes]:
        raise ValueError(
            f"predict() gave {len(classes)} scores for each point, so the classes are 0 to "
            f"{len(classes) - 1}, but y has {strange[0]:g}"
        )
    are_probabilities = scores.min() >= 0 and np.allclose(scores.sum(axis=1), 1.0)
    shares = scores if are_probabilities else _softmax(scores)
    return Reading(scores.argmax(axis=1), classes, shares)


def _above(threshold: float, scores: NDArray[Any], labels: NDArray[Any]) -> Reading:
    if not np.isfinite(threshold):
        raise ValueError(f"the threshold must be a finite number, not {threshold}")
    if len(labels) != 2:
        raise ValueError(
            "predict() gave one score for each point, which tells two classes apart, and y has "
            f"{len(labels)}: let it give a class for each point, or a score for each class"
        )
    predicted = labels[(scores > threshold).astype(int)]
    if 0 < threshold < 1 and scores.min() >= 0 and scores.max() <= 1:
        second = scores ** (np.log(0.5) / np.log(threshold))  # so that the threshold lies halfway
    else:
        second = _softmax(np.stack([np.zeros(len(scores)), scores - threshold], axis=1))[:, 1]
    return Reading(predicted, labels, np.stack([1.0 - second, second], axis=1))


def _softmax(scores: NDArray[Any]) -> NDArray[np.float64]:
    finite = np.clip(scores.astype(np.float64), -1e300, 1e300)
    powers = np.exp(finite - finite.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _listed(labels: NDArray[Any]) -> str:
    shown = ", ".join(f"{label:g}" for label in labels[:10])
    return shown if len(labels) <= 10 else f"{shown}, ..."


def _numbers(name: str, array: NDArray[Any]) -> None:
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be numbers, not of type {array.dtype}")
    if np.isnan(array).any():
        raise ValueError(f"{name} must be numbers, and NaN is among them")


def _not_too_many(name: str, classes: NDArray[Any]) -> None:
    if len(classes) > MOST:
        raise ValueError(
            f"{name} has {len(classes):,} different numbers, from {classes[0]:g} to "
            f"{classes[-1]:g}: too many to be classes (at most {MOST})"
        )

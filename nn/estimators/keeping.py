"""What keeps an estimator as it was if it cannot be fitted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nn.training.divergence import DivergenceError


@contextmanager
def all_or_nothing(estimator: Any) -> Iterator[None]:
    """Whatever raises in the block leaves the estimator as it was before, with what it had learned.

    scikit-learn writes down what data are like before all of them are checked, and a training can
    fail in any of its steps: what the network is, and what is said of it, would not fit together.

    >>> class Estimator:
    ...     classes_ = "two"
    >>> estimator = Estimator()
    >>> with all_or_nothing(estimator):
    ...     estimator.classes_ = "three"
    ...     raise ValueError("too few examples")
    Traceback (most recent call last):
    ...
    ValueError: too few examples
    >>> estimator.classes_
    'two'
    """
    attributes = vars(estimator)
    before, training = attributes.copy(), attributes.get("_training")
    put_back = training.remember() if training else None
    try:
        yield
    except BaseException as error:
        attributes.clear()
        attributes.update(before)
        if put_back:
            put_back()
        if isinstance(error, DivergenceError):
            error.add_note(_DIVERGED)
        raise


_DIVERGED = (
    "(Nothing of this was kept: the estimator is as it was before. Its learning rate is "
    "learning_rate_init; a StandardScaler can stand before it in a pipeline)"
)

"""A regressor that scikit-learn's tools can work with."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score
from sklearn.utils import column_or_1d

from autograd.value import Value
from nn.estimators.keeping import all_or_nothing
from nn.estimators.perceptron import MultilayerPerceptron
from nn.estimators.training import Array
from nn.losses import mse
from nn.training.examples import Examples
from nn.training.running import Loss


class MLPRegressor(RegressorMixin, MultilayerPerceptron):  # type: ignore[misc]
    """A network that predicts a number, or several, made to work with scikit-learn's tools.

    It learns by `sum((output - y) ** 2) / 2`, the mean over a batch, with the penalty on weights.
    Its settings are told at `Settings`, what it knows after `fit` at `MultilayerPerceptron`. Of
    scikit-learn's regressor it has not `loss`, which stands first there.

    >>> from sklearn.datasets import make_regression
    >>> X, y = make_regression(100, 3, random_state=0)
    >>> model = MLPRegressor((16,), learning_rate_init=0.1, tol=1.0, random_state=0).fit(X, y)
    >>> model.score(X, y) > 0.95  # the share of the variance that it explains
    True
    """

    def partial_fit(self, X: Any, y: Any) -> Self:
        """Go on learning for one epoch, from these examples.

        Parameters:
            X: numbers, shape (n, features).
            y: a number for each example, shape (n,), or several, shape (n, outputs).

        Raises:
            ValueError, TypeError, DivergenceError: as in `fit`.
        """
        with all_or_nothing(self):
            self._partial_fit(X, y)
        return self

    def predict(self, X: Any) -> Array:
        """What is expected of every example: shape (n,), or (n, outputs) if there are several."""
        outputs = self._outputs(X)
        return outputs[:, 0] if self.n_outputs_ == 1 else outputs

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    # ----------------------------------------------------------------- what the base asks for

    def _examples(self, X: Any, y: Any, fresh: bool, classes: Any = None) -> Examples:
        X, y = self._validated(X, y, multi_output=True, y_numeric=True, reset=fresh)
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        count = 1 if y.ndim == 1 else y.shape[1]
        if not fresh and count != self.n_outputs_:
            raise ValueError(
                f"y has {count} numbers for each example, and it began with {self.n_outputs_}: "
                "call fit() without warm_start to begin anew"
            )
        self.n_outputs_, self.out_activation_ = count, "identity"
        return Examples(X, y.astype(np.float64))

    def _loss(self) -> Loss:
        return _half_squared_error

    def _score(self, outputs: Array, y: NDArray[Any]) -> float:
        return float(r2_score(y, outputs))


def _half_squared_error(prediction: Any, target: Any) -> Value:
    """Summed over the outputs, as scikit-learn's gradient is."""
    count = len(prediction) if isinstance(prediction, list) else 1
    return 0.5 * count * mse(prediction, target)

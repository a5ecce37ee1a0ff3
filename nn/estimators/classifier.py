"""A classifier that scikit-learn's tools can work with."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets

from nn.estimators import rules
from nn.estimators.keeping import all_or_nothing
from nn.estimators.perceptron import MultilayerPerceptron
from nn.estimators.training import Array
from nn.losses import binary_cross_entropy_with_logits, cross_entropy
from nn.training.examples import Examples
from nn.training.running import Loss


class MLPClassifier(ClassifierMixin, MultilayerPerceptron):  # type: ignore[misc]
    """A network that tells classes apart, made to work with scikit-learn's tools.

    Classes are numbers or names. It learns by the cross-entropy, the mean over a batch, with the
    penalty on weights. Its settings are told at `Settings`, what it knows after `fit` at
    `MultilayerPerceptron`. Each example has one class: of scikit-learn's classifier it has not
    several labels for an example.

    Attributes:
        classes_: the classes, sorted.

    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import cross_val_score
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> iris = load_iris()
    >>> species = iris.target_names[iris.target]
    >>> network = MLPClassifier((16,), learning_rate_init=0.05, tol=0.01, random_state=0)
    >>> model = make_pipeline(StandardScaler(), network)
    >>> model.fit(iris.data, species).predict(iris.data[:2])
    array(['setosa', 'setosa'], dtype='<U10')
    >>> bool(cross_val_score(model, iris.data, species).mean() > 0.9)
    True
    """

    classes_: NDArray[Any]

    def partial_fit(self, X: Any, y: Any, classes: Any = None) -> Self:
        """Go on learning for one epoch, from these examples.

        Parameters:
            classes: all that there will ever be; wanted the first time.

        Raises:
            ValueError, TypeError: as in `fit`; or there are classes that were not told of.
        """
        if classes is None and not hasattr(self, "classes_"):
            raise ValueError(
                "the first partial_fit must be told all the classes that there will ever be: "
                "partial_fit(X, y, classes=[...])"
            )
        with all_or_nothing(self):
            self._partial_fit(X, y, classes)
        return self

    def predict(self, X: Any) -> NDArray[Any]:
        """The most probable class of every example, shape (n,)."""
        best = _logits(self._outputs(X)).argmax(axis=1)
        predicted: NDArray[Any] = self.classes_[best]
        return predicted

    def predict_proba(self, X: Any) -> Array:
        """The probability of every class for every example, shape (n, classes)."""
        return np.exp(self.predict_log_proba(X))

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithms of the probabilities, exact where those are too small to be."""
        logits = _logits(self._outputs(X))
        with np.errstate(over="ignore"):  # what is below all numbers is the logarithm of 0
            return logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)

    # ----------------------------------------------------------------- what the base asks for

    def _examples(self, X: Any, y: Any, fresh: bool, classes: Any = None) -> Examples:
        X, y = self._validated(X, y, reset=fresh)
        check_classification_targets(y)
        present = np.unique(y)
        told = present if classes is None else rules.told(classes)
        known = told if fresh else self.classes_
        for name, some in (("y", present), ("classes", told)):
            _check_classes(name, some, known)
        self.classes_ = known
        self.n_outputs_ = 1 if len(known) == 2 else len(known)
        self.out_activation_ = "logistic" if len(known) == 2 else "softmax"
        indices = np.searchsorted(known, y)
        return Examples(X, indices.astype(np.float64) if self.n_outputs_ == 1 else indices)

    def _loss(self) -> Loss:
        return binary_cross_entropy_with_logits if self.n_outputs_ == 1 else cross_entropy

    def _score(self, outputs: Array, y: NDArray[Any]) -> float:
        return float(np.mean(_logits(outputs).argmax(axis=1) == y))


def _check_classes(name: str, some: NDArray[Any], known: NDArray[Any]) -> None:
    if len(known) < 2:
        raise ValueError(
            f"there is 1 class, {known.tolist()[0]!r}: "
            "a classifier learns to tell two or more apart"
        )
    if strange := sorted(set(some.tolist()) - set(known.tolist())):
        raise ValueError(
            f"{name} has {strange[0]!r}, which is none of the classes that it began with, "
            f"{known.tolist()!r:.200}: begin anew, by fit() without warm_start or by a first "
            "partial_fit that is told all classes"
        )


def _logits(outputs: Array) -> Array:
    """One for each class: of two classes the network gives that of the second against the first."""
    return np.column_stack([np.zeros(len(outputs)), outputs]) if outputs.shape[1] == 1 else outputs

"""Small estimators, and data for them."""

import pytest
from sklearn.datasets import make_classification, make_regression

from nn.estimators import MLPClassifier, MLPRegressor

BOTH = [MLPClassifier, MLPRegressor]
unfinished = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def data(kind, classes=3):
    if kind is MLPClassifier:
        return make_classification(
            60, 5, n_informative=4, n_redundant=0, n_classes=classes, random_state=0
        )
    X, y = make_regression(60, 5, n_informative=4, random_state=0, n_targets=classes - 1)
    return X, y / 50.0


def quick(kind, **settings):
    """An estimator that learns in a moment, if not all."""
    return kind(**{"hidden_layer_sizes": (4,), "max_iter": 3, "random_state": 0} | settings)

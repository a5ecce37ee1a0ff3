"""The settings of estimators: what `MLPClassifier(...)` and `MLPRegressor(...)` are given."""

from __future__ import annotations

from typing import Any

from sklearn.base import BaseEstimator

from autograd.compiler import Backend
from nn.estimators.names import Named


class Settings(Named, BaseEstimator):  # type: ignore[misc]
    """Kept as they are given, and looked at by `fit`.

    Parameters, whose names, meanings and defaults are those of scikit-learn's perceptrons:
        hidden_layer_sizes: how many neurons each hidden layer has, such as (100, 20); () for none.
        activation: of the hidden layers: "identity", "logistic", "tanh", "relu", or the name of
            another operation on one number.
        solver: "adam" (Kingma & Ba, 2015), or "sgd", gradient descent with momentum.
        alpha: the strength of the penalty on weights: half of it times the sum of their squares,
            divided by the size of a batch, is added to the mean loss of each.
        batch_size: the examples of a step; "auto" for 200. At most all.
        learning_rate_init: how long steps are; also a schedule, a function of the step from 0.
        max_iter: how many epochs there are at most.
        shuffle: whether examples come in another order in each epoch.
        random_state: of the first weights, the order, and the part that is held out: a whole
            number, which gives the same each time, NumPy's `RandomState`, or None for the global.
        tol, n_iter_no_change: learning ends when for more than so many epochs in a row nothing
            was better than the best one by `tol`: the mean loss, or the score on what is held out.
        early_stopping: hold out `validation_fraction` of the examples, and give back the weights
            that did best on them.
        verbose: print a line for each epoch.
        warm_start: whether `fit` goes on from what was learned before.
        momentum, nesterovs_momentum: of "sgd" (Polyak, 1964; Nesterov, 1983).
        beta_1, beta_2, epsilon: of "adam".

    And one of ours:
        backend: what makes the steps, "numpy", "c" or "eager", as in `nn.fit`. With "c" the first
            step of a fit compiles, for a second or more where nothing was compiled before.
            Predictions are products of NumPy's matrices with each of them.
    """

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | str = "auto",
        learning_rate_init: float = 0.001,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
        backend: Backend = "numpy",
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate_init = learning_rate_init
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.backend = backend

"""What the classifier and the regressor share: settings, learning, and what was learned."""

from __future__ import annotations

import warnings
from math import inf
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from nn.arrays import refuse_masked
from nn.estimators import rules
from nn.estimators.keeping import all_or_nothing
from nn.estimators.patience import Patience
from nn.estimators.settings import Settings
from nn.estimators.training import Array, Training
from nn.mlp import MLP
from nn.optimizers import SGD, Adam
from nn.training.divergence import InterruptionWarning
from nn.training.examples import Examples
from nn.training.running import Loss
from nn.training.steps import Steps


class MultilayerPerceptron(Settings):
    """The base of `MLPClassifier` and `MLPRegressor`, which say what targets are.

    Attributes, after `fit` or `partial_fit`:
        model_: the network, an `nn.MLP`.
        coefs_, intercepts_: its weights (inputs, neurons) and biases (neurons,), layer by layer.
        loss_curve_: the mean over the batches of each epoch, of loss and penalty together.
        loss_, best_loss_: the last of them and the least.
        validation_scores_, best_validation_score_: with early stopping; else None.
        n_iter_, t_: epochs of the last call, and examples seen since the beginning.
        n_features_in_, n_outputs_, n_layers_, out_activation_: what the network is like;
            feature_names_in_ if X has names for its columns.
    """

    loss_curve_: list[float]
    n_outputs_: int
    out_activation_: str
    validation_scores_: list[float] | None
    best_validation_score_: float | None

    # ------------------------------------------------ what the classifier and the regressor say

    def _examples(self, X: Any, y: Any, fresh: bool, classes: Any = None) -> Examples:
        """The data as arrays that the loss takes, checked as scikit-learn does.

        If it is to learn afresh, what there is to know about the targets is known from here on.
        """
        raise NotImplementedError

    def _loss(self) -> Loss:
        raise NotImplementedError

    def _score(self, outputs: Array, y: NDArray[Any]) -> float:
        """How good the network's outputs are for these targets; the higher the better."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------- learning

    def fit(self, X: Any, y: Any) -> Self:
        """Learn from examples: anew, or with `warm_start` from what was learned before.

        Parameters:
            X: numbers, shape (n, features).
            y: a target for each example.

        Raises:
            ValueError, TypeError: a setting or the data are not right, as the message says.
            DivergenceError: a loss or a weight became NaN or infinite.
            Then the estimator is as it was before.
        """
        with all_or_nothing(self):
            self._fit(X, y)
        return self

    def _fit(self, X: Any, y: Any) -> None:
        fresh = not (self.warm_start and hasattr(self, "_training"))
        self._check_settings(fresh, rules.OF_THE_NETWORK)
        examples, held_out = self._examples(X, y, fresh), None
        if self.early_stopping:
            examples, held_out = self._split(examples)
        if fresh:
            self._begin()
        self._make_optimizer()
        self._learn(examples, held_out)
        if not self.warm_start:
            self._training.forget_program()

    def _partial_fit(self, X: Any, y: Any, classes: Any = None) -> None:
        fresh = not hasattr(self, "_training")
        self._check_settings(fresh, rules.OF_THE_NETWORK + rules.OF_THE_OPTIMIZER)
        if self.early_stopping:
            raise ValueError(
                "partial_fit learns from all examples that it gets and holds none out: set "
                "early_stopping=False, and measure on examples of your own"
            )
        examples = self._examples(X, y, fresh, classes)
        if fresh:
            self._begin()
            self._make_optimizer()
        self._training.optimizer.learning_rate = self.learning_rate_init
        self.n_iter_ = 0
        self._epoch(examples, self._training.steps())

    def _validated(self, *X_and_y: Any, **options: Any) -> Any:
        """The data as scikit-learn wants it, which itself would read what is masked."""
        for name, data in zip("Xy", X_and_y, strict=False):
            refuse_masked(name, data)
        with np.errstate(all="ignore"):  # it looks for infinities by a sum
            return validate_data(self, *X_and_y, dtype=np.float64, **options)

    def _check_settings(self, fresh: bool, fixed: tuple[str, ...]) -> None:
        """Raise if one is not right or, when learning goes on, if one of the fixed has changed."""
        given = self.get_params(deep=False)
        rules.check(given)
        if fresh:
            check_random_state(self.random_state)
        else:
            rules.check_unchanged(fixed, self._begun_with, given)

    def _begin(self) -> None:
        """A network that has learned nothing."""
        sizes = [*rules.sizes(self.hidden_layer_sizes), self.n_outputs_]
        activation = rules.activation(self.activation)
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        random = np.random.default_rng(seed)
        model = MLP(self.n_features_in_, sizes, activation, random, "glorot")
        self._training = Training(model, self._loss(), random)
        self.n_layers_ = len(sizes) + 1
        self.t_, self.loss_curve_ = 0, []
        self.loss_ = self.best_loss_ = inf  # if it is interrupted before there is one
        self.validation_scores_ = self.best_validation_score_ = None

    def _make_optimizer(self) -> None:
        """An optimizer that has taken no step."""
        training, rate = self._training, self.learning_rate_init
        parameters, shrinkage = training.vector.parameters, training.shrinkage
        if self.solver == "adam":
            betas = self.beta_1, self.beta_2
            training.optimizer = Adam(parameters, rate, betas, self.epsilon, clipping=shrinkage)
        else:
            nesterov = bool(self.nesterovs_momentum and self.momentum > 0)
            training.optimizer = SGD(parameters, rate, self.momentum, nesterov, clipping=shrinkage)
        self._begun_with = self.get_params(deep=False)

    def _split(self, examples: Examples) -> tuple[Examples, Examples]:
        """What is learned from, and what is held out to see when to stop."""
        if self.validation_fraction * len(examples) <= 1:  # rounded up
            raise ValueError(
                f"validation_fraction={self.validation_fraction} of {len(examples)} examples are "
                "too few to see when to stop: give more of either, or early_stopping=False"
            )
        parts = train_test_split(
            examples.X,
            examples.y,
            test_size=self.validation_fraction,
            random_state=self.random_state,
            stratify=examples.y if is_classifier(self) else None,
        )
        return Examples(parts[0], parts[2]), Examples(parts[1], parts[3])

    def _learn(self, examples: Examples, held_out: Examples | None) -> None:
        """Epochs until there are enough; with examples held out, what did best on them stays."""
        training, best, scores = self._training, None, []
        steps, patience = training.steps(), Patience(self.tol, self.n_iter_no_change)
        self.n_iter_ = 0
        try:
            while self.n_iter_ < self.max_iter and not patience.exhausted:
                self._epoch(examples, steps)
                if not held_out:
                    patience.see(-self.loss_)
                    continue
                scores.append(self._measured(held_out))
                if patience.see(scores[-1]):
                    best = training.vector.data.copy()
            if not patience.exhausted:
                warnings.warn(_NOT_CONVERGED.format(self.max_iter), ConvergenceWarning, 3)
        except KeyboardInterrupt:
            steps.settle()
            warnings.warn("training was interrupted", InterruptionWarning, 3)
        if best is not None:
            training.vector.assign(best)
        if scores:
            self.validation_scores_, self.best_validation_score_ = scores, max(scores)

    def _epoch(self, examples: Examples, steps: Steps) -> None:
        count = len(examples)
        batch_size = min(200 if self.batch_size == "auto" else self.batch_size, count)
        steps.begin(self.n_iter_ + 1)
        self._training.run_with(self.backend)
        self.loss_ = self._training.epoch(
            steps, examples, batch_size, self.alpha, bool(self.shuffle)
        )
        self.loss_curve_ = [*self.loss_curve_, self.loss_]  # another, if the last must come back
        self.best_loss_ = min(self.loss_curve_)
        self.n_iter_ += 1
        self.t_ += count
        if self.verbose:
            print(f"Iteration {self.n_iter_}, loss = {self.loss_:.8f}")

    def _measured(self, held_out: Examples) -> float:
        score = self._score(self._training.outputs(held_out.X, "what is held out"), held_out.y)
        if self.verbose:
            print(f"Validation score: {score:.6f}")
        return score

    # --------------------------------------------------------------------- what was learned

    def _outputs(self, X: Any) -> Array:
        """The network's outputs for every example, shape (n, n_outputs_)."""
        learned = self._learned
        return learned.outputs(self._validated(X, reset=False))

    @property
    def _learned(self) -> Training:
        check_is_fitted(self, "_training")
        return self._training

    @property
    def model_(self) -> MLP:
        """The network itself, to draw, to look at, or to take elsewhere."""
        return self._learned.model

    @property
    def coefs_(self) -> list[Array]:
        """Copies of the weights of each layer, shape (inputs, neurons)."""
        return [weights.T for weights, _ in self._learned.matrices()]

    @property
    def intercepts_(self) -> list[Array]:
        """Copies of the biases of each layer, shape (neurons,)."""
        return [biases for _, biases in self._learned.matrices()]


_NOT_CONVERGED = (
    "after {} epochs the training was still getting better: raise max_iter (or tol, "
    "which says what counts as better)"
)

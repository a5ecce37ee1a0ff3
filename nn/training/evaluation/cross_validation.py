"""Cross-validation: how well models of one kind do on examples that they did not learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from inspect import signature
from typing import Any

import numpy as np

from autograd.value import Value
from nn.data import k_folds
from nn.losses import cross_entropy
from nn.module import Module
from nn.optimizers import Optimizer
from nn.packages import needed
from nn.settings.seeds import Seed
from nn.training.evaluation.measuring import Evaluation, evaluate
from nn.training.examples import Examples, paired
from nn.training.fitting import fit
from nn.training.habits import arguments_of, unexpected
from nn.training.history import History
from nn.training.running import Loss, Model


@dataclass(frozen=True, eq=False, repr=False)
class Scores:
    """How the models of a cross-validation did, each on what it did not learn from.

    Attributes:
        scores: one number for each fold: the accuracy if the loss has one, else the loss.
        name: which of the two, "accuracy" or "loss".
        evaluations, histories: of each fold.

    It prints as mean and deviation.
    """

    evaluations: Sequence[Evaluation]
    histories: Sequence[History]

    @property
    def name(self) -> str:
        return "loss" if self.evaluations[0].accuracy is None else "accuracy"

    @property
    def scores(self) -> list[float]:
        return [evaluation.score for evaluation in self.evaluations]

    @property
    def mean(self) -> float:
        """The mean of the folds' scores."""
        return float(np.mean(self.scores))

    @property
    def deviation(self) -> float:
        """The standard deviation of the folds' scores (of a population, divided by k)."""
        return float(np.std(self.scores))

    def __repr__(self) -> str:
        form = ".1%" if self.name == "accuracy" else ".4g"
        mean, deviation = f"{self.mean:{form}}", f"{self.deviation:{form}}"
        return f"{self.name} {mean} ± {deviation} in {len(self.scores)} folds"


def cross_validate(
    make_model: Callable[[], Model],
    X: Any,
    y: Any,
    *,
    k: int = 5,
    stratify: bool = False,
    seed: Seed = 0,
    scaler: Any = None,
    loss: Loss = cross_entropy,
    optimizer: Callable[[Sequence[Value]], Optimizer] | None = None,
    n_jobs: int | None = None,
    **fit_arguments: Any,
) -> Scores:
    """Train k models, each on all examples but a k-th, and measure it on these (Stone, 1974).

    Parameters:
        make_model: a function without arguments that makes a new model for each fold.
        X, y: as in `fit`.
        k: how many folds, from 2 on.
        stratify: whether each fold has its share of each class.
        seed: which examples are in which fold; as in `fit`.
        scaler: one such as `StandardScaler()`; a copy of it is fitted on the training part of
            each fold, and applied to both parts.
        loss: as in `fit`.
        optimizer: a function of the parameters that gives an optimizer for them, such as the
            class `Adam`, or `lambda parameters: Adam(parameters, learning_rate=0.1)`.
        n_jobs: in how many processes at once, by joblib; None is one after the other, without it.
            Other ways are `joblib.parallel_config`'s, such as a Dask cluster.
        fit_arguments: all others go to `fit`; callbacks are copied for each fold, and
            `progress` is False. A `backend` measures as well; "c" compiles for the first fold,
            and the others find what was compiled.

    Raises:
        ValueError, TypeError: something does not fit, as the message says.
        ModuleNotFoundError: joblib is not installed, which only `n_jobs` needs.
        KeyboardInterrupt: somebody has stopped it (Ctrl-C): the fold in which it was is not
            trained to its end, and there is no mean of what came before.

    >>> from nn import MLP, StandardScaler, moons
    >>> data = moons(60)
    >>> def make_model():
    ...     return MLP(2, [2], seed=0)
    >>> cross_validate(make_model, data.X, data.y, k=3, scaler=StandardScaler(), stratify=True)
    accuracy 75.0% ± 7.1% in 3 folds
    """
    _check(optimizer, scaler, fit_arguments)
    _check_models(make_model)
    data = paired(X, y)
    folds = k_folds(data.y if stratify else len(data), k=k, seed=seed, stratify=stratify)
    fold = partial(_fold, make_model, loss, optimizer, scaler, {"progress": False} | fit_arguments)
    parts = ((data.take(training), data.take(test)) for training, test in folds)
    results = [fold(*part) for part in parts] if n_jobs is None else _parallel(fold, parts, n_jobs)
    return Scores(*zip(*results, strict=True))


def _fold(
    make_model: Callable[[], Model],
    loss: Loss,
    optimizer: Callable[[Sequence[Value]], Optimizer] | None,
    scaler: Any,
    arguments: dict[str, Any],
    training: Examples,
    test: Examples,
) -> tuple[Evaluation, History]:
    """Train a model on one part, and measure it on the other."""
    arguments = arguments | {"callbacks": deepcopy(arguments.get("callbacks", ()))}
    X, tested = training.X, test.X
    if scaler is not None:
        scaler = deepcopy(scaler)
        X = scaler.fit_transform(X)
        tested = scaler.transform(tested)
        if (validation := arguments.get("validation")) is not None:
            arguments["validation"] = (scaler.transform(validation[0]), validation[1])
    model = make_model()
    if optimizer is not None:
        arguments["optimizer"] = optimizer(_parameters(model))
    history = fit(model, X, training.y, loss=loss, **arguments)
    if history.interrupted:
        raise KeyboardInterrupt("cross_validate() was interrupted")
    backend = arguments.get("backend", "numpy")
    return evaluate(model, tested, test.y, loss=loss, backend=backend), history


def _parameters(model: Any) -> list[Value]:
    if not hasattr(model, "parameters"):
        raise TypeError(
            f"{model!r:.80} does not say what its parameters are: make_model() has to make a Module"
        )
    parameters: list[Value] = model.parameters()
    return parameters


def _parallel(fold: Any, parts: Iterator[tuple[Examples, Examples]], n_jobs: int) -> list[Any]:
    joblib = needed("joblib", "sklearn", "n_jobs")
    results: list[Any] = joblib.Parallel(n_jobs=n_jobs)(
        joblib.delayed(fold)(*part) for part in parts
    )
    return results


def _check(optimizer: Any, scaler: Any, arguments: dict[str, Any]) -> None:
    if isinstance(optimizer, Optimizer) or not (optimizer is None or callable(optimizer)):
        raise TypeError(
            "cross_validate() takes a function of the parameters that makes an optimizer, such as "
            f"lambda parameters: Adam(parameters, learning_rate=0.1), not {optimizer!r:.80}"
        )
    if scaler is not None and (isinstance(scaler, type) or not hasattr(scaler, "fit_transform")):
        raise TypeError(f"the scaler is one such as StandardScaler(), not {scaler!r:.80}")
    if "history" in arguments:
        raise TypeError("cross_validate() has no history=: each fold is a training of its own")
    of_fit = set(arguments_of(fit)) - {"model", "history"}
    if unknown := [name for name in arguments if name not in of_fit]:
        own = {*arguments_of(cross_validate), *of_fit}
        raise unexpected("cross_validate", unknown, own)


def _check_models(make_model: Any) -> None:
    """Raise for what does not make a new model each time."""
    wanted = "a function that makes a new model for each fold: lambda: MLP(2, [16, 2], seed=0)"
    if isinstance(make_model, Module) or not callable(make_model):
        raise TypeError(f"cross_validate() takes {wanted}, not {make_model!r:.80}")
    try:
        signature(make_model).bind()
    except TypeError:
        raise TypeError(
            f"cross_validate() calls make_model without arguments, and {make_model!r:.80} needs "
            f"some: give {wanted}"
        ) from None
    except ValueError:
        pass  # Nobody can see what it takes.
    first, second = make_model(), make_model()
    if not set(_parameters(first)).isdisjoint(_parameters(second)):
        raise ValueError(
            f"make_model() gave the same parameters twice, {first!r:.80}, and what has learned "
            f"from one fold knows the examples that another is measured on. Give {wanted}"
        )

"""Our `MLPClassifier` and scikit-learn's: the time of an epoch and of a fit, and accuracy."""

from __future__ import annotations

import warnings
from statistics import mean
from typing import Any, NamedTuple

from sklearn import datasets, neural_network
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.measuring import Finding, race, show_times
from nn.estimators import MLPClassifier

OURS, THEIRS = "chainrule", "scikit-learn"
KINDS = {OURS: MLPClassifier, THEIRS: neural_network.MLPClassifier}
SEEDS = 10
EPOCHS = 5, 100  # of a short and a long fit


class Shape(NamedTuple):
    """Hidden layers and the size of a batch."""

    hidden: tuple[int, ...]
    batch_size: int

    def __str__(self) -> str:
        sizes = "-".join(map(str, (64, *self.hidden, 10)))
        return f"digits, {sizes}, batches of {self.batch_size}"


SHAPES = [Shape((100,), 200), Shape((32,), 64), Shape((64, 64), 64), Shape((100,), 32)]


class Problem(NamedTuple):
    """Data that scikit-learn brings along, and by how many points ours may be worse."""

    name: str
    hidden: tuple[int, ...]
    at_most: float

    def data(self) -> tuple[Any, Any]:
        X, y = getattr(datasets, f"load_{self.name}")(return_X_y=True)
        return X, y


PROBLEMS = [
    Problem("digits", (64,), 1.0),
    Problem("iris", (16,), 2.0),
    Problem("wine", (16,), 2.0),
    Problem("breast_cancer", (16,), 2.0),
]


def run(rounds: int) -> list[Finding]:
    """Measure all; few rounds are also few seeds."""
    X, y = datasets.load_digits(return_X_y=True)
    X = StandardScaler().fit_transform(X)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return [
            *[_epoch(shape, X, y, rounds) for shape in SHAPES],
            *[_fit(shape, X, y, epochs, rounds) for shape in SHAPES[:2] for epochs in EPOCHS],
            *[_accuracy(problem, min(rounds, SEEDS)) for problem in PROBLEMS],
        ]


def _epoch(shape: Shape, X: Any, y: Any, rounds: int) -> Finding:
    """`partial_fit` of all examples, which is an epoch: compiled before, Adam, batches."""

    def step(kind: Any) -> Any:
        model = kind(shape.hidden, batch_size=shape.batch_size, random_state=0)
        model.partial_fit(X, y, classes=range(10))
        return lambda: model.partial_fit(X, y)

    times = race({name: step(kind) for name, kind in KINDS.items()}, rounds)
    show_times(f"{shape}: an epoch", times, OURS)
    return Finding(f"{shape}", "an epoch", times.ratio(OURS, THEIRS), at_most=0.7)


def _fit(shape: Shape, X: Any, y: Any, epochs: int, rounds: int) -> Finding:
    """`fit` from nothing, with all that it takes to make the network and to compile it."""

    def step(kind: Any) -> Any:
        model = kind(shape.hidden, batch_size=shape.batch_size, random_state=0, tol=0.0)
        model.set_params(max_iter=epochs, n_iter_no_change=epochs)
        return lambda: model.fit(X, y)

    times = race({name: step(kind) for name, kind in KINDS.items()}, rounds)
    work = f"a fit of {epochs} epochs, from making the network on"
    show_times(f"{shape}: {work}", times, OURS)
    return Finding(f"{shape}", work, times.ratio(OURS, THEIRS))


def _accuracy(problem: Problem, seeds: int) -> Finding:
    X, y = problem.data()
    scores = {
        name: mean(_score(kind, problem, X, y, i) for i in range(seeds))
        for name, kind in KINDS.items()
    }
    print(f"\n{problem.name}: accuracy on a quarter held out, mean of {seeds} seeds")
    for name, score in scores.items():
        print(f"  {name:<12}  {score:.2%}")
    worse = 100.0 * (scores[THEIRS] - scores[OURS])
    compared = f"less accurate than {THEIRS}, {seeds} seeds"
    return Finding(problem.name, compared, worse, at_most=problem.at_most, unit="points")


def _score(kind: Any, problem: Problem, X: Any, y: Any, seed: int) -> float:
    parts = train_test_split(X, y, test_size=0.25, random_state=seed, stratify=y)
    network = kind(problem.hidden, batch_size=32, max_iter=60, random_state=seed)
    network.set_params(learning_rate_init=0.005)
    model = make_pipeline(StandardScaler(), network).fit(parts[0], parts[2])
    return float(model.score(parts[1], parts[3]))

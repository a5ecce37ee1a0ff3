"""What people call the settings of estimators who come from elsewhere, and from scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from inspect import signature
from typing import Any, ClassVar, Self

from nn.settings.habits import WithHabits

_RATE = "say learning_rate_init=, a number, or a schedule such as InverseTimeDecay(0.1, 0.01)"
_LBFGS = "it belongs to 'lbfgs', and there are 'adam' and 'sgd': say max_iter="

# What is said instead of names that mean the same, or that scikit-learn's perceptrons have.
_HERE = {
    "lr": "learning_rate_init",
    "learning_rate": _RATE,
    "power_t": _RATE,
    "schedule": _RATE,
    "max_fun": _LBFGS,
    "loss": "it is the cross-entropy of a classifier, and the squared error of a regressor",
    "hidden": "hidden_layer_sizes",
    "hidden_sizes": "hidden_layer_sizes",
    "layers": "hidden_layer_sizes",
    "nouts": "say hidden_layer_sizes=, of the hidden layers alone",
    "optimizer": "say solver='adam' or solver='sgd'",
    "weight_decay": "alpha",
    "l2": "alpha",
    "penalty": "say alpha=, the strength of the penalty on weights",
    "epochs": "max_iter",
    "max_epochs": "max_iter",
    "n_epochs": "max_iter",
    "seed": "random_state",
    "patience": "n_iter_no_change",
    "validation_split": "validation_fraction",
    "nesterov": "nesterovs_momentum",
    "betas": "say beta_1= and beta_2=",
    "eps": "epsilon",
}


class Named(WithHabits):
    """Made with what it does not take, it says so under its own name, and not that of a base."""

    _here: ClassVar = _HERE

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        new = super().__new__(cls, *arguments, **named)
        _, *taken = signature(cls.__init__).parameters.values()
        if not any(x.kind in (x.VAR_POSITIONAL, x.VAR_KEYWORD) for x in taken):
            _check_names(cls.__name__, named, [x.name for x in taken])
            placed = [x.name for x in taken if x.kind is x.POSITIONAL_OR_KEYWORD]
            _check_places(cls.__name__, arguments, placed)
        return new


def _check_names(kind: str, given: Iterable[str], known: list[str]) -> None:
    for name in given:
        if name not in known:
            close = [f"say {match}=" for match in get_close_matches(name, known, 1)]
            way_out = close[0] if close else f"it takes {', '.join(known)}"
            raise TypeError(f"{kind} takes no {name}=: {way_out}")


def _check_places(kind: str, arguments: tuple[Any, ...], known: list[str]) -> None:
    if len(arguments) > len(known):
        raise TypeError(
            f"{kind} takes {' and '.join(known)} by their places, and all else by name, "
            f"such as solver=, not {arguments[len(known)]!r:.80}"
        )

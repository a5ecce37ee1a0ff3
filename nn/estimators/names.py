"""What people call the settings of estimators who come from elsewhere, and from scikit-learn."""

from __future__ import annotations

from difflib import get_close_matches
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
        known = cls._get_param_names()  # type: ignore[attr-defined]
        for name in sorted(named.keys() - set(known)):
            close = [f"say {match}=" for match in get_close_matches(name, known, 1)]
            way_out = close[0] if close else f"it takes {', '.join(known)}"
            raise TypeError(f"{cls.__name__} takes no {name}=: {way_out}")
        if len(arguments) > 2:
            raise TypeError(
                f"{cls.__name__} takes hidden_layer_sizes and activation by their places, "
                f"and all else by name, such as solver=, not {arguments[2]!r:.80}"
            )
        return new

"""What settings must be. They are looked at when an estimator is fitted, as scikit-learn wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf, isfinite
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.compiler import checked_backend
from nn.activation import chosen
from nn.settings.counts import from_one

# scikit-learn's names of activations, where they are not ours.
_ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid"}


class Rule(NamedTuple):
    """What a setting must be, in words and as a test."""

    words: str
    holds: Callable[[Any], bool]


def _number(words: str, low: float, high: float) -> Rule:
    """A number from `low` to below `high`."""
    return Rule(words, lambda x: _is(Real, x) and low <= x < high)


def _is(kind: Any, x: Any) -> bool:
    return isinstance(x, kind) and not isinstance(x, bool)


_ABOVE_0 = Rule("a finite number above 0", lambda x: _is(Real, x) and 0 < x < inf)
_FROM_0 = _number("a finite number from 0 on", 0, inf)
_SHARE = _number("a number from 0 to below 1", 0, 1)
_COUNT = Rule("a whole number from 1 on", lambda x: _is(Integral, x) and x >= 1)
_FLAG = Rule("True or False", lambda x: isinstance(x, bool | np.bool_))

RULES = {
    "solver": Rule("'adam' or 'sgd'", lambda x: isinstance(x, str) and x in ("adam", "sgd")),
    "alpha": _FROM_0,
    "batch_size": Rule(
        "'auto' or a whole number from 1 on",
        lambda x: (isinstance(x, str) and x == "auto") or _COUNT.holds(x),
    ),
    "learning_rate_init": Rule(
        "a finite number above 0, or a schedule, a function of the step",
        lambda x: callable(x) or _ABOVE_0.holds(x),
    ),
    "max_iter": _COUNT,
    "shuffle": _FLAG,
    "tol": _FROM_0,
    "verbose": Rule("True or False", lambda x: isinstance(x, bool | np.bool_ | Integral)),
    "warm_start": _FLAG,
    "momentum": _SHARE,
    "nesterovs_momentum": _FLAG,
    "early_stopping": _FLAG,
    "validation_fraction": Rule("a number between 0 and 1", lambda x: _is(Real, x) and 0 < x < 1),
    "beta_1": _SHARE,
    "beta_2": _SHARE,
    "epsilon": _ABOVE_0,
    "n_iter_no_change": _COUNT,
}


def check(settings: dict[str, Any]) -> None:
    """Raise for the first setting that is not what it must be.

    Raises:
        ValueError: naming it, what came, and what is wanted.

    >>> check({"alpha": -1.0})
    Traceback (most recent call last):
    ...
    ValueError: alpha must be a finite number from 0 on, not -1.0
    """
    for name, value in settings.items():
        if name in RULES and not RULES[name].holds(value):
            raise ValueError(f"{name} must be {RULES[name].words}, not {value!r:.80}")
    sizes(settings.get("hidden_layer_sizes", ()))
    chosen(activation(settings.get("activation", "relu")))
    checked_backend(settings.get("backend", "numpy"))


def activation(name: Any) -> str:
    """What the activation is called in `nn`, which knows whether there is one of that name.

    >>> activation("logistic"), activation("tanh")
    ('sigmoid', 'tanh')
    """
    if not isinstance(name, str):
        raise TypeError(
            "activation is a name, such as 'identity', 'logistic', 'tanh', 'relu' or 'gelu', "
            f"not {name!r:.80}; with functions of your own there are nn.MLP and nn.fit"
        )
    return _ACTIVATIONS.get(name, name)


def sizes(hidden_layer_sizes: Any) -> list[int]:
    """The neurons of each hidden layer; a single number is one layer, and there may be none.

    >>> sizes((16, 16)), sizes(100), sizes(())
    ([16, 16], [100], [])
    """
    if _is(Integral, hidden_layer_sizes):
        hidden_layer_sizes = [hidden_layer_sizes]
    # Not whatever can be gone through: a generator would be empty when the network is made.
    listed = isinstance(hidden_layer_sizes, Sequence) or np.ndim(hidden_layer_sizes) == 1
    if not listed or isinstance(hidden_layer_sizes, str | bytes):
        raise ValueError(
            "hidden_layer_sizes must be a list of whole numbers from 1 on, one for each hidden "
            f"layer, or a single one, not {hidden_layer_sizes!r:.80}"
        )
    return [from_one("each of hidden_layer_sizes", size) for size in hidden_layer_sizes]


def told(classes: Any) -> NDArray[Any]:
    """The classes that `partial_fit` is told of, sorted.

    >>> told({"wolf", "dog"}).tolist()
    ['dog', 'wolf']
    """
    listed = list(classes) if isinstance(classes, Iterable) else []
    names = sum(isinstance(x, str) for x in listed)
    numbers = sum(isinstance(x, Real | np.bool_) and isfinite(x) for x in listed)
    if isinstance(classes, str) or not listed or len(listed) not in (names, numbers):
        raise ValueError(
            "classes must be a list of all that there will ever be, either names or numbers, "
            f"not {classes!r:.80}"
        )
    return np.unique(np.asarray(listed))


# What a network is made with, and what an optimizer is: they cannot change while it learns on.
OF_THE_NETWORK = ("hidden_layer_sizes", "activation")
OF_THE_OPTIMIZER = ("solver", "momentum", "nesterovs_momentum", "beta_1", "beta_2", "epsilon")


def check_unchanged(names: Iterable[str], before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise for the first of some settings that is another than when learning began.

    >>> check_unchanged(["solver"], {"solver": "adam"}, {"solver": "sgd"})
    Traceback (most recent call last):
    ...
    ValueError: it began to learn with solver='adam', and cannot go on with 'sgd': ...
    """
    for name in names:
        same = _plain(name, before[name]) == _plain(name, now[name])
        if not same:
            raise ValueError(
                f"it began to learn with {name}={before[name]!r:.80}, and cannot go on with "
                f"{now[name]!r:.80}: to begin anew, call fit() with warm_start=False"
            )


def _plain(name: str, value: Any) -> Any:
    return sizes(value) if name == "hidden_layer_sizes" else value

"""Names that people bring from other libraries, and what they are called here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from functools import wraps
from typing import Any, ClassVar, ParamSpec, Self, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


class WithHabits:
    """Made with an argument's name from elsewhere, it says what the name is here.

    Attributes:
        _here: the name of the argument here, or what to say instead, for names from elsewhere.
    """

    _here: ClassVar[Mapping[str, str]] = {}

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        if names := named.keys() & cls._here.keys():
            _refuse(cls.__name__, cls.__init__, cls._here, names)
        if (arguments or named) and cls.__init__ is object.__init__:
            # Python says so itself, but not of a class whose __new__ might have taken them.
            raise TypeError(f"{cls.__name__}() takes no arguments")
        return super().__new__(cls)


def with_habits(
    here: Mapping[str, str],
) -> Callable[[Callable[Given, Result]], Callable[Given, Result]]:
    """A decorator: called with an argument's name from elsewhere, a function says what it is here.

    >>> @with_habits({"n_samples": "n"})
    ... def draw(n):
    ...     return n * [0.5]
    >>> draw(n_samples=3)
    Traceback (most recent call last):
        ...
    TypeError: draw() takes no n_samples=: say n=
    """

    def decorated(function: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(function)
        def called(*arguments: Given.args, **named: Given.kwargs) -> Result:
            if names := named.keys() & here.keys():
                _refuse(f"{function.__name__}()", function, here, names)
            return function(*arguments, **named)

        return called

    return decorated


def _refuse(
    name: str, function: Callable[..., Any], here: Mapping[str, str], given: Set[str]
) -> None:
    """Raise for a name that is not taken, if what is said here instead is."""
    from inspect import signature  # which nobody needs who knows the names

    # Of the first __init__ of all it is said that it takes anything, and it takes nothing.
    taken = {} if function is object.__init__ else signature(function).parameters
    if any(argument.kind is argument.VAR_KEYWORD for argument in taken.values()):
        return
    for argument in sorted(given - taken.keys()):
        way_out = here[argument]
        if way_out in taken:
            way_out = f"say {way_out}="
        elif way_out.isidentifier():
            continue
        raise TypeError(f"{name} takes no {argument}=: {way_out}")


# Arguments of modules.
MODULES = {
    "in_features": "nin",
    "input_size": "nin",
    "input_dim": "nin",
    "out_features": "nout",
    "output_size": "nout",
    "output_dim": "nout",
    "units": "nout",
    "hidden": "nouts",
    "hidden_layers": "nouts",
    "hidden_layer_sizes": "nouts",
    "hidden_sizes": "nouts",
    "hidden_units": "nouts",
    "sizes": "nouts",
    "layers": "nouts",
    "act": "activation",
    "init": "initialization",
    "kernel_initializer": "initialization",
    "weight_init": "initialization",
    "random_state": "seed",
    "generator": "seed",
    "p": "rate",
    "vocab_size": "symbols",
    "num_embeddings": "symbols",
    "block_size": "context",
    "context_length": "context",
    "embedding_dim": "width",
    "d_model": "width",
    "n_embd": "width",
    "n_head": "heads",
    "num_heads": "heads",
    "n_layer": "layers",
    "num_layers": "layers",
}

_BIAS = "neurons always have one, which begins with 0; Projection(nin, nout) has none"

# Arguments of modules that are made of neurons.
NEURONS = {**MODULES, "bias": _BIAS, "use_bias": _BIAS}

_OPERATION = "autograd.{}, a function"
# What is there in torch.nn or Keras, and what does it here.
_NAMES = {
    "Linear": "Layer(nin, nout, nonlin=False)",
    "optim": "Adam, SGD and others, all in nn",
    "train_test_split": "split(dataset), or k_folds",
    "accuracy_score": "accuracy(outputs, y)",
    "KFold": "k_folds, a function",
    "StratifiedKFold": "k_folds(y, stratify=True)",
    "MLPClassifier": "estimators.MLPClassifier",
    "MLPRegressor": "estimators.MLPRegressor",
    "Dense": "Layer(nin, nout, activation='relu')",
    "LinearRegression": "Layer(nin, 1, nonlin=False)",
    "ReLU": _OPERATION.format("relu"),
    "Tanh": _OPERATION.format("tanh"),
    "Sigmoid": _OPERATION.format("sigmoid"),
    "GELU": _OPERATION.format("gelu"),
    "SiLU": _OPERATION.format("silu"),
    "Softmax": "softmax, a function",
    "MSELoss": "mse, a function",
    "L1Loss": "mae, a function",
    "HuberLoss": "huber, a function",
    "CrossEntropyLoss": "cross_entropy, a function",
    "BCELoss": "binary_cross_entropy, a function",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits, a function",
    "KLDivLoss": "kl_divergence, a function",
}


def elsewhere(name: str) -> str:
    """What does the same here as a name of torch.nn's or Keras's, for the end of a message.

    >>> elsewhere("Linear")
    ': here it is Layer(nin, nout, nonlin=False)'
    """
    return f": here it is {_NAMES[name]}" if name in _NAMES else ""

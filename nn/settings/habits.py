"""Names that people bring from other libraries, and what they are called here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self


class WithHabits:
    """Made with an argument's name from elsewhere, it says what the name is here.

    Attributes:
        _here: the name of the argument here, or what to say instead, for names from elsewhere.
    """

    _here: ClassVar[Mapping[str, str]] = {}

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        if names := named.keys() & cls._here.keys():
            _refuse(cls, names)
        return super().__new__(cls)


def _refuse(cls: type[WithHabits], names: set[str]) -> None:
    """Raise for a name that the class does not take, if it takes what is said here instead."""
    from inspect import signature  # which nobody needs who knows the names

    taken = signature(cls.__init__).parameters
    if any(argument.kind is argument.VAR_KEYWORD for argument in taken.values()):
        return
    for name in sorted(names - taken.keys()):
        way_out = cls._here[name]
        if way_out in taken:
            way_out = f"say {way_out}="
        elif way_out.isidentifier():
            continue
        raise TypeError(f"{cls.__name__} takes no {name}=: {way_out}")


# Arguments of modules.
MODULES = {
    "in_features": "nin",
    "input_size": "nin",
    "input_dim": "nin",
    "out_features": "nout",
    "output_size": "nout",
    "output_dim": "nout",
    "units": "nout",
    "hidden_layer_sizes": "nouts",
    "hidden_sizes": "nouts",
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

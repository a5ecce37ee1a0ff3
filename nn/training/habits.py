"""What people who come from elsewhere say to `fit`, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from inspect import signature
from typing import Any

from nn import losses, optimizers
from nn.optimizers import Optimizer
from nn.settings.habits import elsewhere

_OPTIMIZER = "optimizer=Adam(model.parameters(), learning_rate=...)"
_HELD_OUT = "validation=(X, y), of examples that split() has set apart"
_STOPPING = "callbacks=[EarlyStopping(patience=...)]"

# Arguments that other libraries have, and what says the same here.
_ARGUMENTS = {
    "lr": _OPTIMIZER,
    "learning_rate": _OPTIMIZER,
    "learning_rate_init": _OPTIMIZER,
    "scheduler": "optimizer=Adam(model.parameters(), learning_rate=schedule)",
    "momentum": "optimizer=SGD(model.parameters(), momentum=...)",
    "clipping": "optimizer=Adam(model.parameters(), clipping=...)",
    "weight_decay": "penalty=L2(weights=...), or optimizer=AdamW(...)",
    "alpha": "penalty=L2(weights=...)",
    "regularization": "penalty=L2(weights=...)",
    "regularizer": "penalty=L2(weights=...)",
    "criterion": "loss=, a function such as mse",
    "loss_fn": "loss=, a function such as mse",
    "validation_data": "validation=(X, y)",
    "validation_set": "validation=(X, y)",
    "eval_set": "validation=(X, y)",
    "validation_split": _HELD_OUT,
    "validation_fraction": _HELD_OUT,
    "batch": "batch_size=",
    "bs": "batch_size=",
    "verbose": "progress=True or False",
    "max_iter": "epochs=",
    "max_epochs": "epochs=",
    "num_epochs": "epochs=",
    "n_epochs": "epochs=",
    "random_state": "seed=",
    "shuffle": "seed=, which the order is drawn by; it is another in each epoch",
    "early_stopping": _STOPPING,
    "patience": _STOPPING,
    "initial_epoch": "history=, the one to go on with",
    "metrics": "evaluate(model, X, y) when it is trained; accuracies are measured anyway",
}

# The same of single functions.
_ARGUMENTS_OF = {
    "learning_rate_range": {
        **dict.fromkeys(("lr", "learning_rate"), "lowest= and highest="),
        **dict.fromkeys(("min_lr", "start_lr", "lr_min"), "lowest="),
        **dict.fromkeys(("max_lr", "end_lr", "lr_max"), "highest="),
        **dict.fromkeys(("num_iter", "num_training", "iterations", "epochs"), "steps="),
    },
    "cross_validate": {
        **dict.fromkeys(
            ("lr", "learning_rate", "learning_rate_init"),
            "optimizer=lambda parameters: Adam(parameters, learning_rate=...)",
        ),
        **dict.fromkeys(("n_splits", "cv", "n_folds", "folds", "num_folds"), "k="),
        **dict.fromkeys(("model", "estimator", "build_fn"), "make_model="),
        "stratified": "stratify=",
    },
}

# Whose models and losses compute with something else than Values.
_LIBRARIES = {
    "torch": "PyTorch",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
    "jax": "JAX",
    "sklearn": "scikit-learn",
}

_LOSSES = {
    "huber_loss": "huber",
    "kl_div": "kl_divergence",
    "l1_loss": "mae",
    "mean_absolute_error": "mae",
    "mse_loss": "mse",
    "bce": "binary_cross_entropy_with_logits",
    "binary_crossentropy": "binary_cross_entropy",
    "categorical_crossentropy": "cross_entropy",
    "log_loss": "cross_entropy",
    "mean_squared_error": "mse",
    "sparse_categorical_crossentropy": "cross_entropy",
    "squared_error": "mse",
}


def unexpected(function: str, given: Iterable[str], known: Iterable[str]) -> TypeError:
    """The error for an argument that a function does not have.

    >>> print(unexpected("fit", ["lr"], ["loss", "optimizer"]))
    fit() has no lr=: say optimizer=Adam(model.parameters(), learning_rate=...)
    >>> print(unexpected("fit", ["epoch"], ["loss", "epochs"]))
    fit() has no epoch=: say epochs=
    """
    name = next(iter(given))
    known = sorted(known)
    said = (_ARGUMENTS | _ARGUMENTS_OF.get(function, {})).get(name, "")
    argument = said.partition("=")[0]
    if argument.isidentifier() and argument not in known:
        said = ""
    close = [f"{match}=" for match in get_close_matches(name, known, 1)]
    way_out = f"say {said or close[0]}" if said or close else f"it takes {', '.join(known)}"
    return TypeError(f"{function}() has no {name}=: {way_out}")


def arguments_of(function: Callable[..., Any]) -> list[str]:
    """The names of a function's arguments, without one for all others."""
    arguments = signature(function).parameters.values()
    return [argument.name for argument in arguments if argument.kind is not argument.VAR_KEYWORD]


def check_model(model: Any) -> None:
    """Raise a TypeError for what cannot be called on an example, or only makes what can."""
    if not callable(model) or isinstance(model, type) or library_of(model):
        raise _no_model(model)


def _no_model(model: Any) -> TypeError:
    if isinstance(model, type):
        name = model.__name__
        return TypeError(f"the model is the class {name}: make one of it, as {name}(...)")
    if library := library_of(model):
        return TypeError(
            f"the model is of {library}, {model!r:.80}, and its outputs are no Values: make one "
            "of nn's modules, such as MLP(2, [16, 2])"
        )
    return TypeError(f"the model must be a function, not {model!r:.80}")


def no_loss(loss: Any) -> TypeError:
    """The error for what is no function of an output and a target, each of them Values."""
    known = [name for name, x in vars(losses).items() if callable(x)]
    called = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    name = _LOSSES.get(called, called)
    way_out = f": say loss={name}, the function itself" if name in known else elsewhere(called)
    if isinstance(loss, str) or not (library := library_of(loss)):
        return TypeError(f"the loss must be a function, not {loss!r:.80}{way_out}")
    return TypeError(f"the loss is of {library}, {called}, which takes no Values{way_out}")


def library_of(thing: Any) -> str:
    """The library of tensors or arrays that a function, an object or its class is of; else ""."""
    for each in (thing, type(thing)):
        root = str(getattr(each, "__module__", "")).partition(".")[0]
        if root in _LIBRARIES:
            return _LIBRARIES[root]
    return ""


def no_optimizer(optimizer: Any) -> TypeError:
    """The error for what is none, but maybe the name or the class of one."""
    name = optimizer.__name__ if isinstance(optimizer, type) else optimizer
    known = {kind.lower(): kind for kind, x in vars(optimizers).items() if _is_optimizer(x)}
    kind = known.get(name.lower(), "Adam") if isinstance(name, str) else "Adam"
    return TypeError(
        f"the optimizer must be one such as {kind}(model.parameters()), not {optimizer!r:.80}"
    )


def _is_optimizer(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Optimizer)

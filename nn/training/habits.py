"""What people who come from elsewhere say to `fit`, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from nn import losses, optimizers
from nn.optimizers import Optimizer

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

_LOSSES = {
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

    >>> print(unexpected("fit", ["lr"], ["loss", "epochs"]))
    fit() has no lr=: say optimizer=Adam(model.parameters(), learning_rate=...)
    >>> print(unexpected("fit", ["epoch"], ["loss", "epochs"]))
    fit() has no epoch=: say epochs=
    """
    name = next(iter(given))
    known = sorted(known)
    close = [f"{match}=" for match in get_close_matches(name, known, 1)]
    way_out = f"say {_ARGUMENTS.get(name) or close[0]}" if name in _ARGUMENTS or close else (
        f"it takes {', '.join(known)}"
    )  # fmt: skip
    return TypeError(f"{function}() has no {name}=: {way_out}")


def no_model(model: Any) -> TypeError:
    """The error for what cannot be called on an example, or only makes what can."""
    if isinstance(model, type):
        name = model.__name__
        return TypeError(f"the model is the class {name}: make one of it, as {name}(...)")
    return TypeError(f"the model must be a function, not {model!r:.80}")


def no_loss(loss: Any) -> TypeError:
    """The error for what is no function of an output and a target."""
    known = [name for name, x in vars(losses).items() if callable(x)]
    name = _LOSSES.get(loss, loss) if isinstance(loss, str) else ""
    way_out = f": say loss={name}, the function itself" if name in known else ""
    return TypeError(f"the loss must be a function, not {loss!r:.80}{way_out}")


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

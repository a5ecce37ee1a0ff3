"""What other libraries call the arguments of callbacks, and what is said here instead."""

from __future__ import annotations

_ALWAYS = "the best parameters are always given back"
_BY_NAME = "leave it out: a loss is to fall, and an accuracy to rise"

EARLY_STOPPING = {
    "monitor": "watch",
    "min_delta": "least_change",
    "tol": "least_change",
    "threshold": "least_change",
    "n_iter_no_change": "patience",
    "restore_best_weights": f"leave it out: {_ALWAYS}",
    "mode": _BY_NAME,
    "verbose": "history.stopped says why it stopped",
}

CHECKPOINTS = {
    "filepath": "path",
    "dirpath": "path",
    "filename": "path",
    "monitor": "best",
    "save_best_only": 'give best= a column of the history, such as "validation_loss"',
    "save_top_k": 'give best= a column of the history, such as "validation_loss"',
    "mode": _BY_NAME,
    "save_freq": "every",
    "period": "every",
    "every_n_epochs": "every",
}

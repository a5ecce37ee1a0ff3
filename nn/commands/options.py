"""The options of `chainrule train`, as argparse takes them.

Those of the recipe have no default here: of one that was not given the recipe knows what it is, or
the training that is resumed.
"""

from __future__ import annotations

from argparse import BooleanOptionalAction
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from autograd.compiler import Backend
from nn.commands import arguments
from nn.commands.goal import CLASSES, NUMBER
from nn.commands.recipe import OPTIMIZERS, SCALERS, SCHEDULES, Recipe
from nn.commands.tables import DATASETS

ACTIVATIONS = ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh"]
_DEFAULT = Recipe()


def _one_of(names: Any, default: str | None, text: str) -> dict[str, Any]:
    listed = f"{text}: {', '.join(names)}"
    said = f" (default: {default})" if default else ""
    return {"choices": [*names], "metavar": "NAME", "help": f"{listed}{said}"}


def _number(kind: Any, metavar: str, text: str, default: Any = None) -> dict[str, Any]:
    said = "" if default is None else f" (default: {default})"
    return {"type": kind, "metavar": metavar, "help": f"{text}{said}"}


WHAT: dict[str, dict[str, Any]] = {
    "target": {"metavar": "COLUMN", "help": "the column to predict, by its name"},
    "kind": _one_of(
        [CLASSES, NUMBER],
        None,
        "what the target is; if it is not said, texts and few whole numbers are classes",
    ),
    "dataset": _one_of(DATASETS, None, "instead of a table, data that come along"),
    "resume": _number(Path, "MODEL", "go on training what was saved here"),
}
RECIPE: dict[str, dict[str, Any]] = {
    "hidden": {
        "type": arguments.count,
        "nargs": "*",
        "metavar": "N",
        "help": "neurons of each hidden layer; '16 16' is two layers (default: 32)",
    },
    "activation": _one_of(ACTIVATIONS, _DEFAULT.activation, "what bends a hidden neuron's sum"),
    "dropout": _number(
        arguments.share, "SHARE", "of the hidden neurons, silenced at random in training", 0
    ),
    "scaling": _one_of(SCALERS, _DEFAULT.scaling, "of the inputs"),
    "optimizer": _one_of(OPTIMIZERS, _DEFAULT.optimizer, "how steps are made from gradients"),
    "learning-rate": _number(
        arguments.rate, "RATE", "how large the steps are", _DEFAULT.learning_rate
    ),
    "schedule": _one_of(SCHEDULES, _DEFAULT.schedule, "how the rate changes from step to step"),
    "l1": _number(arguments.strength, "STRENGTH", "penalty on the weights' absolute values", 0),
    "l2": _number(arguments.strength, "STRENGTH", "penalty on the weights' squares", 0),
    "epochs": _number(
        arguments.count, "N", "how often to go through all examples", _DEFAULT.epochs
    ),
    "batch-size": _number(arguments.count, "N", "examples to a step", _DEFAULT.batch_size),
    "backend": _one_of(
        get_args(Backend),
        _DEFAULT.backend,
        "what runs the network in training: a NumPy program, the same as machine code (which "
        "needs a C compiler, and at first a second or more to compile), or Python, one example "
        "after the other",
    ),
    "seed": _number(
        arguments.seed, "N", "of all that is random; the same seed gives the same result", 0
    ),
}
_COLUMNS = {"nargs": "+", "metavar": "COLUMN"}
ENCODING: dict[str, dict[str, Any]] = {
    "delimiter": {"metavar": "CHARACTER", "help": "what stands between the fields of the table"},
    "encoding": {"metavar": "NAME", "help": "of the table (default: UTF-8)"},
}
READING: dict[str, dict[str, Any]] = {
    **ENCODING,
    "omit": {**_COLUMNS, "help": "columns of the table to leave out, such as names"},
    "categories": {
        **_COLUMNS,
        "help": "columns that hold categories though they look like numbers",
    },
    "missing": {
        "nargs": "*",
        "metavar": "TEXT",
        "help": "what stands for a missing value; the empty field always does",
    },
    "header": {
        "action": BooleanOptionalAction,
        "help": "the first row has the names of the columns (default: if it has no numbers)",
    },
}
HOW: dict[str, dict[str, Any]] = {
    "k-fold": _number(
        arguments.folds, "K", "first train K networks, each tested on a part of its own"
    ),
    "output": {
        "type": arguments.folder,
        "default": Path("out"),
        "metavar": "FOLDER",
        "help": "where the model and the pictures go; made if it is not there (default: out)",
    },
}
TRAIN = WHAT | READING | RECIPE | HOW


def given(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those that were said."""
    return {name: setting for name, setting in settings.items() if setting is not None}

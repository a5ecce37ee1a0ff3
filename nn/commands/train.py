"""`chainrule train`: trains a classifier, says how well it went and draws what it has learned."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from nn.commands import arguments
from nn.commands.learning import DATASETS, Recipe, learn
from nn.commands.pictures import NAMES, draw

SUMMARY = "train a classifier on a small data set and draw what it has learned"
DESCRIPTION = """\
Train a classifier on a small data set, a fifth of which is kept aside to test it on.
At the end the output folder holds
  neuron.svg     one neuron at work on one example: numbers forward, gradients back
  training.png   the learning curves
  misread.png    digits: those that were read wrongly
  boundary.png   moons, spiral: which class each point of the plane is taken for
"""
EXAMPLES = """\
examples:
  chainrule train
      learn to read handwritten digits; look into the folder out afterwards
  chainrule train --dataset moons --hidden 16 16 --activation tanh
      two hidden layers of 16 neurons, and a picture of the boundary they find
  chainrule train --dataset spiral --hidden
      no hidden layer at all: see what straight lines can do

Ctrl-C ends the training early; what was learned by then is reported and drawn all the same.

exit status:
  0    trained
  1    the numbers became infinite, and nothing was drawn
  2    the command makes no sense or cannot be carried out
  130  interrupted
"""
ACTIVATIONS = ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh"]

OPTIONS: dict[str, dict[str, Any]] = {
    "dataset": {
        "choices": [*DATASETS],
        "default": "digits",
        "help": "what to learn (default: digits)",
    },
    "hidden": {
        "type": arguments.count,
        "nargs": "*",
        "default": [32],
        "metavar": "N",
        "help": "neurons of each hidden layer; '16 16' is two layers (default: 32)",
    },
    "activation": {
        "choices": ACTIVATIONS,
        "default": "relu",
        "metavar": "NAME",
        "help": f"what bends a hidden neuron's sum: {', '.join(ACTIVATIONS)} (default: relu)",
    },
    "epochs": {
        "type": arguments.count,
        "default": 20,
        "metavar": "N",
        "help": "how often to go through all examples (default: 20)",
    },
    "batch-size": {
        "type": arguments.count,
        "default": 32,
        "metavar": "N",
        "help": "examples to a step (default: 32)",
    },
    "learning-rate": {
        "type": arguments.rate,
        "default": 0.01,
        "metavar": "RATE",
        "help": "about how far a step moves each parameter (default: 0.01)",
    },
    "seed": {
        "type": arguments.seed,
        "default": 0,
        "metavar": "N",
        "help": "of all that is random; the same seed gives the same result (default: 0)",
    },
    "output": {
        "type": arguments.folder,
        "default": Path("out"),
        "metavar": "FOLDER",
        "help": "where the pictures go; made if it is not there (default: out)",
    },
}


def run(**options: Any) -> int:
    """Train, say how well it went, draw it and list the files; the exit status."""
    recipe = Recipe(**options)
    recipe.output.mkdir(parents=True, exist_ok=True)
    drawn: set[str] = set()
    try:
        result = learn(recipe)
        right, count = int((result.predicted == result.test.y).sum()), len(result.test)
        print(f"test accuracy: {right / count:.1%} ({right} of {count})")
        for path, shown in draw(result, recipe.output):
            drawn.add(path.name)
            print(f"{path}: {shown}")
    finally:
        _name_old_pictures(recipe.output, drawn)
    return 130 if result.history.interrupted else 0


def _name_old_pictures(folder: Path, drawn: set[str]) -> None:
    """Those that could be taken for pictures of this training, and are of another."""
    for name in NAMES:
        if name not in drawn and (folder / name).exists():
            print(f"{folder / name} is of an earlier training", file=sys.stderr)

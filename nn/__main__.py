"""The command line: `python -m nn train` trains a classifier and draws what it has learned."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nn.demo import DATASETS, Recipe, run

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
  python -m nn train
      learn to read handwritten digits; look into the folder out afterwards
  python -m nn train --dataset moons --hidden 16 16 --activation tanh
      two hidden layers of 16 neurons, and a picture of the boundary they find
  python -m nn train --dataset spiral --hidden
      no hidden layer at all: see what straight lines can do
"""
ACTIVATIONS = ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "sigmoid", "tanh"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0 if all went well, 2 if the command cannot be carried out."""
    parser = _parser()
    options = vars(parser.parse_args(arguments))
    del options["command"]
    recipe = Recipe(**options)
    try:
        recipe.output.mkdir(parents=True, exist_ok=True)
        run(recipe)
    except (OSError, ImportError) as error:
        print(f"{parser.prog} train: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m nn",
        description="Neural networks made of scalars. 'python -m nn train --help' says more.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="train")
    train = commands.add_parser(
        "train",
        help="train a classifier on a small data set and draw what it has learned",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for flag, settings in OPTIONS.items():
        train.add_argument(f"--{flag}", **settings)
    return parser


def _count(text: str) -> int:
    return _whole(text, least=1)


def _seed(text: str) -> int:
    return _whole(text, least=0)


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or int(text) < least:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} on")
    return int(text)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = math.nan
    if not 0 < rate < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return rate


OPTIONS: dict[str, dict[str, Any]] = {
    "dataset": {
        "choices": [*DATASETS],
        "default": "digits",
        "help": "what to learn (default: digits)",
    },
    "hidden": {
        "type": _count,
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
        "type": _count,
        "default": 20,
        "metavar": "N",
        "help": "how often to go through all examples (default: 20)",
    },
    "batch-size": {
        "type": _count,
        "default": 32,
        "metavar": "N",
        "help": "examples to a step (default: 32)",
    },
    "learning-rate": {
        "type": _rate,
        "default": 0.01,
        "metavar": "RATE",
        "help": "about how far a step moves each parameter (default: 0.01)",
    },
    "seed": {
        "type": _seed,
        "default": 0,
        "metavar": "N",
        "help": "of all that is random; the same seed gives the same result (default: 0)",
    },
    "output": {
        "type": Path,
        "default": Path("out"),
        "metavar": "FOLDER",
        "help": "where the pictures go; made if it is not there (default: out)",
    },
}


if __name__ == "__main__":
    sys.exit(main())

"""`chainrule evaluate`: how well a saved network does on other data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nn.commands import options
from nn.commands.predictor import Predictor
from nn.commands.report import report
from nn.commands.tables import to_compare

SUMMARY = "say how well a saved network does on other data"
DESCRIPTION = """\
Compare what a network that `chainrule train` has saved predicts for each row of a table with what
stands there: accuracy, precision and recall of each class and what was taken for what, or how far
predicted numbers are off.
"""
EXAMPLES = """\
example:
  chainrule evaluate out/model.safetensors other.csv

exit status:
  0    evaluated
  1    the numbers became infinite
  2    the command makes no sense or cannot be carried out
  130  interrupted
"""
ARGUMENTS: dict[str, dict[str, Any]] = {
    "model": {"type": Path, "metavar": "MODEL", "help": "what was saved"},
    "table": {
        "type": Path,
        "metavar": "TABLE",
        "help": "a CSV file, with the column that is predicted",
    },
}
OPTIONS = options.ENCODING


def run(model: Path, table: Path, **reading: Any) -> int:
    """Say how well it does; the exit status."""
    predictor, _ = Predictor.load(model)
    found = to_compare(table, predictor.columns, predictor.goal, options.given(reading))
    print(report(table.name, predictor, found.y, predictor.outputs(found.table.X)))
    return 0

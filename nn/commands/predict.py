"""`chainrule predict`: what a saved network makes of the rows of a table."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Any

from nn.commands import arguments, options
from nn.commands.arguments import CommandError
from nn.commands.predictor import Predictor, probabilities
from nn.commands.tables import to_predict
from nn.exchange.files import write

SUMMARY = "predict the rows of a table with a saved network"
DESCRIPTION = """\
Predict each row of a table with a network that `chainrule train` has saved. The table has the
columns that it learned from, in any order; others are left out. What comes is CSV, a row for each:
the class and the probability of every class, or the number.
"""
EXAMPLES = """\
examples:
  chainrule predict out/model.safetensors new.csv
      show what it makes of each row
  chainrule predict out/model.safetensors new.csv --output predicted.csv
      and write it to a file

exit status:
  0    predicted
  1    the numbers became infinite, and nothing was written
  2    the command makes no sense or cannot be carried out
  130  interrupted
"""
ARGUMENTS: dict[str, dict[str, Any]] = {
    "model": {"type": Path, "metavar": "MODEL", "help": "what was saved"},
    "table": {"type": Path, "metavar": "TABLE", "help": "a CSV file"},
}
OPTIONS: dict[str, dict[str, Any]] = {
    "output": {
        "type": arguments.new_file,
        "metavar": "FILE",
        "help": "where the predictions go, instead of the screen",
    },
    **options.ENCODING,
}


def run(model: Path, table: Path, output: Path | None, **reading: Any) -> int:
    """Predict and write it down, all or nothing; the exit status."""
    for read in (model, table):
        if output is not None and output.exists() and read.exists() and output.samefile(read):
            raise CommandError(f"{output} is what is read: name another file for the predictions")
    predictor, _ = Predictor.load(model)
    rows = to_predict(table, predictor.columns, options.given(reading))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(_predicted(predictor, rows.X))
    if output is None:
        print(text.getvalue(), end="")
    else:
        write(output, text.getvalue().encode())
        print(f"{output}: {len(rows):,} predictions", file=sys.stderr)
    return 0


def _predicted(predictor: Predictor, X: Any) -> list[list[Any]]:
    """The rows of the file, the first with the names."""
    outputs, classes = predictor.outputs(X), predictor.goal.classes
    if not classes:
        return [[predictor.goal.name], *([number] for number in outputs.tolist())]
    rows = zip(outputs.argmax(axis=1).tolist(), probabilities(outputs).tolist(), strict=True)
    return [
        [predictor.goal.name, *(f"probability of {name}" for name in classes)],
        *([classes[place], *(round(p, 6) for p in shares)] for place, shares in rows),
    ]

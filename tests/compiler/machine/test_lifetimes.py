"""Rows of a block's memory: nothing is read where another number has been written since."""

import numpy as np
import pytest

from autograd.compiler import lowering
from autograd.compiler.machine.lifetimes import row_places
from autograd.compiler.machine.phases import span
from autograd.compiler.views import BATCH
from tests.compiler.interpreting import Memory, run
from tests.compiler.program_cases import NAMED, numbers, random_cases

CASES = {**NAMED, **{f"random {i}": case for i, case in enumerate(random_cases(3))}}


@pytest.fixture(autouse=True)
def _memory_of_their_own(monkeypatch):
    monkeypatch.setattr(lowering, "with_shared_memory", list)


class Owned(Memory):
    """Knows of each place which row of which buffer was written there last."""

    def __init__(self, batch, places):
        super().__init__(batch)
        self.places, self.owners = places, {}

    def _rows(self, buffer, rows):
        """The rows, and their places; that of zeros behind a buffer has none."""
        found = np.unique(np.arange(buffer.rows + buffer.zero_row)[rows])
        return [(row, self.places[buffer][row]) for row in found.tolist() if row < buffer.rows]

    def at(self, buffer, rows, columns=slice(None)):
        for row, place in self._rows(buffer, rows) if buffer in self.places else ():
            assert self.owners[place] == (buffer, row), f"row {row} of {buffer.name} was lost"
        return super().at(buffer, rows, columns)

    def put(self, buffer, rows, columns, content):
        for row, place in self._rows(buffer, rows) if buffer in self.places else ():
            assert place >= 0, f"row {row} of {buffer.name} has no place"
            self.owners[place] = (buffer, row)
        super().put(buffer, rows, columns, content)


def placed(program, together=1):
    """Its statements, so many in a loop, with their places."""
    statements = [*program.forward, *program.backward]
    items = [statements[i : i + together] for i in range(0, len(statements), together)]
    views = [program.output, *program.ones, *([program.seed] if program.seed else [])]
    kept = [span(view) for view in views if view.buffer.columns == BATCH]
    return items, *row_places(items, kept)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_read_is_what_was_written(case):
    program = case.lowered()
    items, places, total = placed(program)
    assert all(place.max() < total for place in places.values())
    theta, given = numbers(program, 3)
    memory = Owned(3, places)
    memory.vectors = {"theta": theta, "grad_theta": np.zeros(len(theta))}
    for buffer, array in zip(program.given, given, strict=True):
        memory.hold(buffer, array)
    for view in (*program.ones, *([program.seed] if program.seed else [])):
        memory.write(view, 1.0)
    for (statement,) in items:
        run(statement, memory)
    memory.read(program.output)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_shown_together_stays_together(case):
    items, places, _ = placed(case.lowered())
    for (statement,) in items:
        buffer, start, stop = span(statement.out)
        if buffer in places and type(statement).__name__ != "Put":
            assert (np.diff(places[buffer][start:stop]) == 1).all()


def test_statements_in_one_loop_do_not_write_what_others_of_it_still_read():
    items, places, _ = placed(NAMED["attention"].lowered(), together=4)
    for item in items:
        touched = {
            (view.buffer, row): places[view.buffer][row]
            for statement in item
            for view in statement.views()
            if view.buffer in places and view.shape != (view.buffer.rows, BATCH)
            for row in range(*span(view)[1:])
        }
        assert len({*touched.values()}) == len(touched)


def test_dead_rows_make_room():
    program = NAMED["attention"].lowered()
    _, places, total = placed(program)
    assert total < 0.6 * sum(map(len, places.values()))

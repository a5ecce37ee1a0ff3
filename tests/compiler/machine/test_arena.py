"""Where numbers lie: what is alive at the same time lies apart, and what is dead makes room."""

from random import Random

import pytest

from autograd.compiler.machine.arena import Arena
from autograd.compiler.machine.phases import phases
from autograd.compiler.machine.spans import Marks, read, span, written
from autograd.compiler.statements import Copy, Put, Take, Unpick
from autograd.compiler.views import BATCH, Buffer, View, whole
from tests.compiler.program_cases import NAMED


def random_uses(random: Random) -> list[list[tuple[Buffer, int, int]]]:
    buffers = [Buffer(f"b{i}", random.randint(1, 12)) for i in range(8)]
    uses = []
    for _ in range(30):
        spans = []
        for buffer in random.sample(buffers, random.randint(1, 3)):
            start = random.randrange(buffer.rows)
            spans.append((buffer, start, random.randint(start + 1, buffer.rows)))
        uses.append(spans)
    return uses


def lives(uses):
    """The first and the last use of each row that is used."""
    found = {}
    for time, spans in enumerate(uses):
        for buffer, start, stop in spans:
            for row in range(start, stop):
                first, _ = found.get((buffer, row), (time, time))
                found[buffer, row] = (first, time)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_rows_that_are_alive_together_lie_apart(seed):
    uses = random_uses(Random(seed))
    arena, found = Arena(uses), lives(uses)
    for time in range(len(uses)):
        alive = [arena.lane(*key) for key, (first, last) in found.items() if first <= time <= last]
        assert len({*alive}) == len(alive)
        assert all(0 <= row < arena.rows for row in alive)


@pytest.mark.parametrize("seed", range(40))
def test_rows_that_are_used_together_lie_together(seed):
    uses = random_uses(Random(seed))
    arena = Arena(uses)
    for buffer, start, stop in (span for spans in uses for span in spans):
        first = arena.lane(buffer, start)
        assert [arena.lane(buffer, row) for row in range(start, stop)] == [
            first + i for i in range(stop - start)
        ]


def test_a_chain_needs_as_much_as_two_of_its_parts():
    buffers = [Buffer("b", 5) for _ in range(9)]
    spans = [(buffer, 0, 5) for buffer in buffers]
    assert Arena([[a, b] for a, b in zip(spans, spans[1:], strict=False)]).rows == 10


def test_parts_of_a_buffer_live_for_themselves():
    values, other = Buffer("values", 100), Buffer("other", 50)
    arena = Arena([[(values, 0, 50)], [(values, 50, 100)], [(other, 0, 50)]])
    assert arena.rows == 50


def test_what_is_the_same_for_all_lies_apart_from_the_lanes():
    single = Buffer("weights", 3, columns=1)
    arena = Arena([])
    assert arena.origin(whole(single)) == ("singles", 0)
    assert arena.origin(View(Buffer("theta", 9, 1, "vector"), 4, (1, 1), (0, 0))) == ("theta", 4)
    assert (arena.rows, arena.singles) == (0, 3)


# --------------------------------------------------------------------------------- statements


def test_scattered_rows_are_no_span():
    values, out = Buffer("values", 100), whole(Buffer("out", 3))
    take = Take(out, whole(values), (90, 4, -1, 5))
    assert read(take) == [(values, 4, 6), (values, 90, 91)]
    assert written(take) == [(out.buffer, 0, 3)]
    put = Put(whole(values), out, (7, 8, 50), added=True)
    assert written(put) == [(values, 7, 9), (values, 50, 51)]
    assert {*written(put)} < {*read(put)}


def test_what_is_added_to_is_read_too():
    values = Buffer("values", 10)
    target = View(values, 2, (4, BATCH), (1, 0))
    unpick = Unpick(target, whole(Buffer("s", 1)), whole(Buffer("l", 1, integer=True)), False)
    assert span(target) == (values, 2, 6)
    assert span(target) in read(unpick)


def test_marks_keep_the_last_number():
    buffer, marks = Buffer("b", 10), Marks()
    marks.mark([(buffer, 0, 5)], 3)
    marks.mark([(buffer, 4, 8)], 7)
    assert [marks.highest([(buffer, i, i + 1)]) for i in (0, 4, 7, 8)] == [3, 7, 7, -1]
    assert marks.highest([(buffer, 0, 10)]) == 7
    assert marks.highest([(Buffer("other", 3), 0, 3)]) == -1


@pytest.mark.parametrize("case", NAMED.values(), ids=NAMED)
def test_each_statement_has_one_phase_and_examples_are_in_the_block(case):
    program = case.lowered()
    statements = [*program.forward, *program.backward]
    found = phases(statements)
    assert sorted([*found.before, *found.block, *found.after]) == list(range(len(statements)))
    for number in (*found.before, *found.after):
        assert all(BATCH not in view.shape for view in statements[number].views())


def test_what_uses_a_sum_over_all_examples_comes_after_them():
    weights, sums = Buffer("weights", 2, columns=1), Buffer("sums", 2, columns=1)
    per_example = View(Buffer("values", 2), 0, (2, BATCH), (1, 0))
    begin, use = Copy(whole(weights), 1.0), Copy(whole(sums), whole(weights))
    spread = Copy(per_example, View(weights, 0, (2, 1), (1, 0)))
    assert phases([begin, use, spread]) == ([0, 1], [2], [])
    assert phases([begin, spread, Copy(whole(weights), 2.0)]) == ([0], [1], [2])

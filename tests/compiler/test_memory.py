"""Intermediate results share memory where none of them is needed any more."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pytest

from autograd import Value, dot, exp, tanh
from autograd import operations as ops
from autograd.compiler.graph import Argument
from autograd.compiler.lowering.memory import with_shared_memory
from autograd.compiler.statements import Apply, Copy, Statement
from autograd.compiler.views import Buffer, View, whole
from tests.compiler.interpreting import Memory, run
from tests.compiler.program_cases import NAMED, each_interpreted, random_cases
from tests.compiler.reading import lower

CASES = {**NAMED, **{f"random {i}": case for i, case in enumerate(random_cases(3))}}


def scratch(name: str = "scratch", **kind: Any) -> View:
    return whole(Buffer(name, kind.pop("rows", 1), **{"shared": True, "columns": 1, **kind}))


def shared(statements: Sequence[Statement]) -> set[Buffer]:
    return {v.buffer for s in statements for v in s.views() if v.buffer.shared}


def chain(*views: View) -> list[Statement]:
    """Each is made of the one before."""
    rest = [Apply(out, ops.exp, (source,)) for source, out in pairwise(views)]
    return [Copy(views[0], 0.0), *rest]


# ------------------------------------------------------------------------------ whole programs


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("inputs", [False, True])
def test_sharing_changes_no_number(case, inputs):
    without = case.lowered(inputs)
    np.testing.assert_array_equal(*each_interpreted([without.shared(), without], 3))


def test_a_chain_needs_no_more_memory_the_longer_it_is():
    w = [Value(0.5) for _ in range(40)]

    def buffers(length: int) -> int:
        def f(x: Any) -> Value:
            for a in w[:length]:
                x = exp(tanh(a * x))
            return x

        program = lower(f, Argument("x", (), False)).shared()
        return len(shared([*program.forward, *program.backward]))

    assert buffers(40) == buffers(4)


def test_layers_of_one_width_share_their_memory():
    def buffers(depth: int) -> int:
        layers = [[[Value(0.1) for _ in range(3)] for _ in range(3)] for _ in range(depth)]

        def f(x: Any) -> list[Value]:
            for rows in layers:
                x = [tanh(dot(row, x)) for row in rows]
            return dot(x, x)

        program = lower(f, Argument("x", (3,), False)).shared()
        return len(shared([*program.forward, *program.backward]))

    assert buffers(9) == buffers(3)


def test_what_was_computed_forward_is_kept_for_backward():
    program = NAMED["ragged logsumexp"].lowered().shared()
    kept = [s for s in program.forward if isinstance(s, Apply) and s.op is ops.exp][-1].out
    after = program.forward[[s.out for s in program.forward].index(kept) + 1 :]
    reader = next(i for i, s in enumerate(program.backward) if kept.buffer in _read(s))
    until = [*after, *program.backward[:reader]]
    assert kept.buffer not in {s.out.buffer for s in until}


def _read(statement: Statement) -> set[Buffer]:
    return {view.buffer for view in statement.views() if view is not statement.out}


# -------------------------------------------------------------------------------- statements


def test_two_are_enough_for_a_chain():
    made = with_shared_memory(chain(*(scratch() for _ in range(9))))
    assert len(shared(made)) == 2
    assert all(s.out.buffer not in _read(s) for s in made)


@pytest.mark.parametrize(
    "other",
    [{"name": "products"}, {"rows": 2}, {"columns": -1}, {"integer": True}, {"absent": (0,)}],
    ids=lambda kind: next(iter(kind)),
)
def test_only_what_is_of_one_kind_shares_memory(other):
    assert len(shared(with_shared_memory([Copy(scratch(), 0.0), Copy(scratch(), 0.0)]))) == 1
    assert len(shared(with_shared_memory([Copy(scratch(), 0.0), Copy(scratch(**other), 0.0)]))) == 2


def test_what_is_not_an_intermediate_result_stays_where_it_is():
    statements = chain(*(scratch(shared=False) for _ in range(4)))
    assert with_shared_memory(statements) == statements


def random_statements(random: Random, count: int) -> tuple[list[Statement], View]:
    """Sums of some of the last results, in memory of their own or in place; and the last one."""
    result = scratch("result", shared=False)
    made: list[Statement] = [Copy(scratch(), 1.0)]
    for i in range(count):
        recent = [s.out for s in made[-random.randint(1, 6) :]]
        inputs = (random.choice(recent), random.choice(recent))
        in_place = random.random() < 0.3
        made.append(Apply(random.choice(recent) if in_place else scratch(), ops.add, inputs))
        made.append(Apply(made[-1].out, ops.add, (made[-1].out, float(i))))
    return [*made, Copy(result, made[-1].out)], result


@pytest.mark.parametrize("seed", range(30))
def test_random_statements_compute_the_same_in_as_little_memory_as_can_be(seed):
    before, result = random_statements(Random(seed), 20)
    after = with_shared_memory(before)
    assert _computed(after, result) == _computed(before, result)
    assert len(shared(after)) == max(_alive(before))


def _computed(statements: Sequence[Statement], result: View) -> float:
    memory = Memory(1)
    for statement in statements:
        run(statement, memory)
    return float(memory.read(result)[0, 0])


def _alive(statements: Sequence[Statement]) -> list[int]:
    """How many results are in memory at each statement."""
    times: dict[Buffer, list[int]] = {}
    for i, statement in enumerate(statements):
        for buffer in shared([statement]):
            times.setdefault(buffer, []).append(i)
    spans = [(found[0], found[-1]) for found in times.values()]
    return [sum(first <= i <= last for first, last in spans) for i in range(len(statements))]

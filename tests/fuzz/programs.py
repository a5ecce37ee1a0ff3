"""Random programs over all rows of the table, as data: to be run, printed, and made smaller."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from autograd import TABLE, Operation
from autograd.value import record

inf, nan = math.inf, math.nan
EDGES = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, -0.5, inf, -inf, nan, 1e200, -1e200, 1e-200, 5e-324]
EDGES += [1.0 - 2.0**-53, 20.0, 40.0, -40.0, 710.0, -746.0]

EXAMPLES = 5


@dataclass(frozen=True)
class Leaf:
    """A parameter or a constant, which has one number, or an input, with one for each example."""

    kind: str  # "w", "c", "x", or "i" for an index
    numbers: tuple[float, ...]

    def at(self, example: int) -> float:
        return self.numbers[example % len(self.numbers)]


@dataclass(frozen=True)
class Step:
    """An operation on nodes, which are counted: first the leaves and then the steps."""

    row: Operation
    operands: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """What is computed from some leaves; the last output is differentiated."""

    leaves: tuple[Leaf, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def of(self, kind: str) -> list[int]:
        return [i for i, leaf in enumerate(self.leaves) if leaf.kind == kind]

    def run(
        self, leaves: Sequence[Any], after: Callable[[Step, Any], Any] | None = None
    ) -> list[Any]:
        """The outputs for the leaves; `after` may put something else in place of a result."""
        nodes = list(leaves)
        for step in self.steps:
            node = record(step.row, [nodes[i] for i in step.operands])
            nodes.append(after(step, node) if after else node)
        return [nodes[i] for i in self.outputs]

    # ------------------------------------------------------------------------ as it is read

    def __str__(self) -> str:
        names = [f"{leaf.kind}{i}" for i, leaf in enumerate(self.leaves)]
        names += [f"v{i}" for i in range(len(self.leaves), len(self.leaves) + len(self.steps))]
        given = [names[i] for i in [*self.of("x"), *self.of("i")]]
        lines = ["from autograd import *", "from math import inf, nan"]
        for name, leaf in zip(names, self.leaves, strict=False):
            if leaf.kind in "wc":
                make = "Value" if leaf.kind == "w" else "constant"
                lines.append(f"{name} = {make}({leaf.numbers[0]!r})")
        lines.append(f"def f({', '.join(given)}):")
        for name, step in zip(names[len(self.leaves) :], self.steps, strict=True):
            lines.append(f"    {name} = {_call(step.row, [names[i] for i in step.operands])}")
        lines.append(f"    return [{', '.join(names[i] for i in self.outputs)}]")
        examples = [
            tuple(self.leaves[i].at(e) for i in [*self.of("x"), *self.of("i")])
            for e in range(EXAMPLES)
        ]
        lines += [f"# at {', '.join(map(str, dict.fromkeys(map(repr, examples))))}"]
        return "\n".join(lines)


def _call(row: Operation, names: list[str]) -> str:
    if row.name == "dot":
        size = len(names) // 2
        parts = [f"[{', '.join(names[:size])}]", f"[{', '.join(names[size : 2 * size])}]"]
        return f"dot({', '.join([*parts, *names[2 * size :]])})"
    if row.name == "pick":
        return f"pick([{', '.join(names[:-1])}], {names[-1]})"
    return f"{row.name}({', '.join(names)})"


# -------------------------------------------------------------------------------- at random


def random_program(seed: int) -> Program:
    random = Random(seed)
    leaves = [
        *[Leaf("w", (_number(random),)) for _ in range(random.randint(1, 3))],
        *[Leaf("c", (_number(random),)) for _ in range(random.randint(0, 2))],
        *[_input(random) for _ in range(random.randint(1, 3))],
        Leaf("i", tuple(float(random.randrange(2)) for _ in range(EXAMPLES))),
        Leaf("c", (float(random.randrange(2)),)),
    ]
    steps: list[Step] = []
    for _ in range(random.randint(2, 12)):
        nodes = [*range(len(leaves) - 2), *range(len(leaves), len(leaves) + len(steps))]
        steps += _random_steps(random, nodes, len(leaves))
    last = len(leaves) + len(steps) - 1
    others = [random.randrange(len(leaves), last + 1) for _ in range(random.randint(0, 2))]
    return pruned(Program(tuple(leaves), tuple(steps), (*others, last)))


def _number(random: Random) -> float:
    kind = random.random()
    if kind < 0.25:
        return random.choice(EDGES)
    return float(random.randint(-3, 3)) if kind < 0.35 else random.uniform(-2.0, 2.0)


def _input(random: Random) -> Leaf:
    return Leaf("x", tuple(_number(random) for _ in range(EXAMPLES)))


def _random_steps(random: Random, nodes: list[int], leaves: int) -> list[Step]:
    """One operation; or the rows of a matrix, which share their inputs."""
    row = random.choice(list(TABLE.values()))

    def some(count: int) -> list[int]:
        # The later ones more often, so that programs are deep.
        return [nodes[int(len(nodes) * random.random() ** 0.6)] for _ in range(count)]

    if row.name == "pick":
        return [Step(row, (*some(random.randint(2, 4)), leaves - random.randint(1, 2)))]
    if row.name == "dot":
        xs = some(random.randint(1, 3))
        biased = random.randrange(2)
        rows = [(*some(len(xs)), *xs, *some(biased)) for _ in range(random.choice([1, 1, 2, 3]))]
        return [Step(row, operands) for operands in rows]
    return [Step(row, tuple(some(row.arity or random.randint(1, 4))))]


# ------------------------------------------------------------------------------ made smaller


def pruned(program: Program) -> Program:
    """Without the steps that no output needs."""
    first, needed = len(program.leaves), set(program.outputs)
    for i in range(first + len(program.steps) - 1, first - 1, -1):
        if i in needed:
            needed.update(program.steps[i - first].operands)
    kept = [i for i in range(first, first + len(program.steps)) if i in needed]
    place = dict.fromkeys(range(first), 0) | {k: first + n for n, k in enumerate(kept)}
    place |= {i: i for i in range(first)}
    steps = [program.steps[i - first] for i in kept]
    return Program(
        program.leaves,
        tuple(Step(s.row, tuple(place[k] for k in s.operands)) for s in steps),
        tuple(place[i] for i in program.outputs),
    )


def smaller(program: Program) -> Iterator[Program]:
    """Programs with something left out."""
    for i in range(len(program.outputs) - 1):
        yield replace(program, outputs=program.outputs[:i] + program.outputs[i + 1 :])
    first = len(program.leaves)
    for i in reversed(range(len(program.steps))):
        for operand in dict.fromkeys(program.steps[i].operands):
            yield pruned(_without(program, first + i, operand))
    for i, leaf in enumerate(program.leaves):
        if len(set(map(repr, leaf.numbers))) > 1:
            for number in dict.fromkeys(leaf.numbers):
                yield _with_leaf(program, i, Leaf(leaf.kind, (number,)))
        if leaf.kind in "wcx" and leaf.numbers != (1.0,):
            yield _with_leaf(program, i, Leaf(leaf.kind, (1.0,)))
    for i, step in enumerate(program.steps):
        if step.row.nary and step.row.name not in ("dot", "pick"):
            for k in range(len(step.operands) if len(step.operands) > 1 else 0):
                shorter = Step(step.row, step.operands[:k] + step.operands[k + 1 :])
                steps = (*program.steps[:i], shorter, *program.steps[i + 1 :])
                yield pruned(replace(program, steps=steps))


def _without(program: Program, node: int, instead: int) -> Program:
    steps = tuple(
        Step(s.row, tuple(instead if k == node else k for k in s.operands)) for s in program.steps
    )
    outputs = tuple(instead if i == node else i for i in program.outputs)
    return replace(program, steps=steps, outputs=outputs)


def _with_leaf(program: Program, i: int, leaf: Leaf) -> Program:
    return replace(program, leaves=(*program.leaves[:i], leaf, *program.leaves[i + 1 :]))


def smallest(program: Program, fails: Callable[[Program], bool]) -> Program:
    """A smaller program that fails as well, found by leaving things out one by one."""
    for candidate in smaller(program):
        if candidate != program and len(candidate.steps) and fails(candidate):
            return smallest(candidate, fails)
    return program

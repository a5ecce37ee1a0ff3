"""What the engine computes, and how exactly anybody can be expected to compute the same.

Ways that round differently may differ where numbers cancel, overflow, or stand on a step. How
much, the engine is asked itself: it runs the program again with each result changed in its last
digits, and what that changes, nobody is asked to know better.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from autograd import Operation, Value, constant, gradient, topological_order, total
from tests.fuzz.programs import EXAMPLES, Program, Step

# Rows whose results are operands, whole numbers or truth values: they are not rounded.
EXACT = {"negate", "absolute", "relu", "step", "sign", "clip", "where", "pick", "maximum"}
EXACT |= {"minimum", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}
EXACT |= {"floor", "ceil", "floor_divide"}
# Rows whose zeros have a sign that depends on the order of operands, or of a matrix product.
SIGNLESS = {"add", "subtract", "total", "dot", "maximum", "minimum", "clip", "relu"}
RUNS = 4

other_zero = Operation("other_zero", symbol="-0", forward=lambda x: -x, partials=(1.0,))


@dataclass
class Expected:
    """Numbers from the engine, and how far its own disturbed runs are from them.

    `scale` is the size, in each example, of what may have cancelled on the way to the numbers.
    """

    numbers: np.ndarray
    disturbed: list[np.ndarray]
    scale: np.ndarray

    def of(self, rows: Any, columns: Any = slice(None)) -> Expected:
        """Those of some examples, and some numbers of them."""
        parts = [each[rows][..., columns] for each in (self.numbers, *self.disturbed)]
        return Expected(parts[0], parts[1:], self.scale[rows])

    def disagreement(self, found: Any) -> str:
        """Where `found` differs by more than that; empty if nowhere."""
        found = np.asarray(found, dtype=np.float64).reshape(self.numbers.shape)
        with np.errstate(all="ignore"):
            spread = np.max([np.abs(d - self.numbers) for d in self.disturbed], axis=0)
            allowed = 1e-12 * np.abs(self.numbers) + 100.0 * spread + 1e-290
            allowed += 1e-13 * self.scale
            near = np.abs(found - self.numbers) <= allowed
        same = (found == self.numbers) | (np.isnan(found) & np.isnan(self.numbers))
        wrong = ~(same | (near & np.isfinite(self.numbers)) | self.unsure)
        if not wrong.any():
            return ""
        return f"{found.tolist()} where the engine has {self.numbers.tolist()}"

    @property
    def unsure(self) -> np.ndarray:
        """Where disturbed runs end elsewhere, as finite where the undisturbed one is not."""
        kinds = [kinds_of(numbers) for numbers in (self.numbers, *self.disturbed)]
        return np.logical_or.reduce([kind != kinds[0] for kind in kinds])


def kinds_of(numbers: np.ndarray) -> np.ndarray:
    kinds = np.where(np.isfinite(numbers), 0, np.where(numbers > 0, 1, 2))
    return np.where(np.isnan(numbers), 3, kinds)


# ----------------------------------------------------------------------------- the engine


def leaves_at(program: Program, example: int) -> list[Any]:
    return [(constant if leaf.kind == "c" else Value)(leaf.at(example)) for leaf in program.leaves]


def disturbance(run: int, example: int) -> Callable[[Step, Any], Any]:
    """Multiplies what was rounded with something next to 1; more at the ends of the floats."""
    random = Random(1000 * run + example)

    def after(step: Step, node: Any) -> Any:
        size = abs(node.data)
        if size == 0.0 and step.row.name in SIGNLESS:
            return other_zero(node) if run == 0 or random.randrange(2) else node
        if step.row.name in ("total", "dot"):
            term = max(map(abs, _terms(step, node)))
            if _is_rounded(term) and math.isfinite(term):
                node = node + random.choice([-1, 1]) * 4e-16 * term
        if size == 0.0 or step.row.name in EXACT or not math.isfinite(size):
            return node
        if not _is_rounded(size):
            return node
        ends = size < 1e-290 or size > 1e290
        return node * (
            1.0 + random.choice([-1, 1]) * (0.75 if ends else random.uniform(1, 4) * 1e-15)
        )

    return after


def _is_rounded(number: float) -> bool:
    """Whether a number has so many digits that the last ones may be rounded."""
    return math.frexp(number)[0] * 2.0**20 % 1.0 != 0.0 or not 1e-3 < abs(number) < 1e3


def _terms(step: Step, node: Any) -> list[float]:
    """What a sum adds."""
    numbers = [operand.data for operand in node.operands]
    if step.row.name == "total":
        return numbers or [0.0]
    size = len(numbers) // 2
    products = [w * x for w, x in zip(numbers[:size], numbers[size : 2 * size], strict=True)]
    return [*products, *numbers[2 * size :], 0.0]


# Of the outputs and the leaves.
Computation = Callable[[list[Any], list[Any]], list[Any]]


def by_engine(
    program: Program,
    compute: Computation,
    root: Callable[[list[Any], list[Any]], Any] | None = None,
) -> Expected:
    """`compute(outputs, leaves)` for each example, also disturbed.

    `root(outputs, leaves)` is what was differentiated, if anything was.
    """
    scale = np.zeros((EXAMPLES, 1))

    def numbers(run: int | None) -> np.ndarray:
        rows = []
        for example in range(EXAMPLES):
            leaves = leaves_at(program, example)
            after = None if run is None else disturbance(run, example)
            outputs = program.run(leaves, after)
            rows.append([float(x) for x in compute(outputs, leaves)])
            if root is not None and run is None:
                scale[example] = largest_contribution(root(outputs, leaves))
        return np.array(rows)

    return Expected(numbers(None), [numbers(run) for run in range(RUNS)], scale)


def largest_contribution(root: Value) -> float:
    """The largest of the finite numbers that the chain rule adds up on its way."""
    order = topological_order(root)
    found = gradient(root, order)
    sizes = [
        abs(partial * slope.data)
        for node, slope in zip(order, found, strict=True)
        for partial in node.partials
        if partial is not None
    ]
    return max(filter(math.isfinite, sizes), default=0.0)


def differentiable(program: Program) -> list[int]:
    return [*program.of("w"), *program.of("x")]


def slopes(program: Program) -> Computation:
    return lambda outputs, leaves: gradient(
        outputs[-1], [leaves[i] for i in differentiable(program)]
    )


def recorded_slopes(program: Program) -> Computation:
    return lambda outputs, leaves: gradient(
        outputs[-1], [leaves[i] for i in differentiable(program)], create_graph=True
    )


def mixed(program: Program, outputs: list[Any], leaves: list[Any]) -> Any:
    """A weighted sum of the gradient."""
    first = recorded_slopes(program)(outputs, leaves)
    return total([(1.0 + 0.5 * n) * slope for n, slope in enumerate(first)])


def curvature(program: Program) -> Computation:
    """The gradient of a weighted sum of the gradient."""
    return lambda outputs, leaves: gradient(
        mixed(program, outputs, leaves), [leaves[i] for i in differentiable(program)]
    )

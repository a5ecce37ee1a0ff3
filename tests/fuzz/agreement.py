"""One program computed in every way that there is, and whether the numbers agree.

Ways that round differently may differ where numbers cancel, overflow, or stand on a step. How
much, the engine is asked itself: it runs the program again with each result changed in its last
digits, and what that changes, nobody is asked to know better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from autograd import (
    TABLE,
    Operation,
    Value,
    compiled,
    constant,
    gradient,
    hvp,
    topological_order,
    total,
)
from tests.fuzz.programs import EXAMPLES, Program, Step

# Rows whose results are operands, signs or truth values: they are not rounded.
EXACT = {
    "negate",
    "absolute",
    "relu",
    "step",
    "sign",
    "clip",
    "where",
    "pick",
    "maximum",
    "minimum",
}
EXACT |= {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}
# Rows whose zeros have a sign that depends on the order of operands, or of a matrix product.
SIGNLESS = {"add", "subtract", "total", "dot", "maximum", "minimum", "clip", "relu"}
RUNS = 4

other_zero = Operation("other_zero", symbol="-0", forward=lambda x: -x, partials=(1.0,))


@dataclass
class Expected:
    """Numbers from the engine, and how far its own disturbed runs are from them."""

    numbers: np.ndarray
    disturbed: list[np.ndarray] = field(default_factory=list)

    def disagreement(self, found: Any, cancels: float = 0.0) -> str:
        """Where `found` differs by more than that; empty if nowhere.

        `cancels` is allowed beside it, relative to 1 or to the largest of the numbers.
        """
        found = np.asarray(found, dtype=np.float64).reshape(self.numbers.shape)
        with np.errstate(all="ignore"):
            spread = np.max([np.abs(d - self.numbers) for d in self.disturbed], axis=0)
            allowed = 1e-12 * np.abs(self.numbers) + 100.0 * spread + 1e-290
            allowed += cancels * np.abs(self.numbers).max(initial=1.0, where=np.isfinite(allowed))
            near = np.abs(found - self.numbers) <= allowed
        same = (found == self.numbers) | (np.isnan(found) & np.isnan(self.numbers))
        wrong = ~(same | (near & np.isfinite(self.numbers)) | self.unsure)
        if not wrong.any():
            return ""
        return f"{found.tolist()} where the engine has {self.numbers.tolist()}"

    @property
    def unsure(self) -> np.ndarray:
        """Where disturbed runs end elsewhere, as finite where the undisturbed one is not."""
        kinds = [_kind(numbers) for numbers in (self.numbers, *self.disturbed)]
        return np.logical_or.reduce([kind != kinds[0] for kind in kinds])


def _kind(numbers: np.ndarray) -> np.ndarray:
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


def by_engine(program: Program, compute: Callable[[list[Any], list[Any]], list[Any]]) -> Expected:
    """`compute(outputs, leaves)` for each example, also disturbed."""

    def numbers(run: int | None) -> np.ndarray:
        rows = []
        for example in range(EXAMPLES):
            leaves = leaves_at(program, example)
            after = None if run is None else disturbance(run, example)
            rows.append([float(x) for x in compute(program.run(leaves, after), leaves)])
        return np.array(rows)

    return Expected(numbers(None), [numbers(run) for run in range(RUNS)])


def differentiable(program: Program) -> list[int]:
    return [*program.of("w"), *program.of("x")]


def slopes(program: Program) -> Callable[[list[Any], list[Any]], list[Any]]:
    return lambda outputs, leaves: gradient(
        outputs[-1], [leaves[i] for i in differentiable(program)]
    )


def largest_slope(outputs: list[Any], leaves: list[Any]) -> list[float]:
    """The largest derivative with respect to any node on the way, which may cancel later."""
    found = gradient(outputs[-1], topological_order(outputs[-1]))
    return [max((abs(g.data) for g in found if math.isfinite(g.data)), default=0.0)]


def recorded_slopes(program: Program) -> Callable[[list[Any], list[Any]], list[Any]]:
    return lambda outputs, leaves: gradient(
        outputs[-1], [leaves[i] for i in differentiable(program)], create_graph=True
    )


def curvature(program: Program) -> Callable[[list[Any], list[Any]], list[Any]]:
    """The gradient of a weighted sum of the gradient."""

    def compute(outputs: list[Any], leaves: list[Any]) -> list[Any]:
        first = recorded_slopes(program)(outputs, leaves)
        mixed = total([(1.0 + 0.5 * n) * slope for n, slope in enumerate(first)])
        return gradient(mixed, [leaves[i] for i in differentiable(program)])

    return compute


# --------------------------------------------------------------------------- the other ways


def arrays(program: Program, examples: Sequence[int]) -> list[np.ndarray]:
    """An array for each argument of `function`."""
    columns = [[program.leaves[i].at(e) for e in examples] for i in program.of("x")]
    index = [[int(program.leaves[i].at(e)) for e in examples] for i in program.of("i")]
    return [*map(np.array, columns), *map(np.array, index)]


def function(program: Program, parameters: dict[int, Any], compute: Any) -> Callable[..., Any]:
    """The program as a function of its inputs."""

    def f(*given: Any) -> Any:
        known = dict(zip([*program.of("x"), *program.of("i")], given, strict=True)) | parameters
        leaves = [
            known[i] if i in known else constant(leaf.numbers[0])
            for i, leaf in enumerate(program.leaves)
        ]
        return compute(program.run(leaves), leaves)

    return f


def disagreements(program: Program, large: bool = False) -> Iterator[str]:
    """What differs, in words."""
    values = by_engine(program, lambda outputs, leaves: outputs)
    first = by_engine(program, slopes(program))
    second = by_engine(program, curvature(program))
    for what, found in _other_ways(program, values, first, second, large):
        if found:
            yield f"{what}: {found}"


def _other_ways(
    program: Program, values: Expected, first: Expected, second: Expected, large: bool
) -> Iterator[tuple[str, str]]:
    yield "create_graph", first.disagreement(by_engine(program, recorded_slopes(program)).numbers)
    # In the other direction infinities meet other zeros: only what is finite can be compared.
    forward = np.array(_forward_over_reverse(program)).reshape(second.numbers.shape)
    finite = np.isfinite(second.numbers) & np.isfinite(forward)
    yield (
        "forward over reverse",
        second.disagreement(np.where(finite, forward, second.numbers), cancels=1e-12),
    )
    yield from _batched(program, values, first, large)
    yield from _inside(program, first, second)
    yield from _plain_numbers(program, values, first)


def _forward_over_reverse(program: Program) -> list[Any]:
    places, rows = differentiable(program), []
    for example in range(EXAMPLES):

        def f(*moving: Any, example: int = example) -> Any:
            leaves = leaves_at(program, example)
            for i, x in zip(places, moving, strict=True):
                leaves[i] = x
            return program.run(leaves)[-1]

        point = [program.leaves[i].at(example) for i in places]
        rows.append(hvp(f, point, [1.0 + 0.5 * n for n in range(len(places))])[1])
        if any(map(_has_no_curvature, topological_order(f(*map(Value, point))))):
            rows[-1] = [math.nan] * len(places)
    return rows


def _has_no_curvature(node: Value) -> bool:
    """A power of 0, whose derivatives with respect to base and exponent do not commute."""
    return node.op is TABLE["power"] and any(x.data == 0.0 for x in node.operands[:1])


def _batched(
    program: Program, values: Expected, first: Expected, large: bool
) -> Iterator[tuple[str, str]]:
    parameters = {i: Value(program.leaves[i].numbers[0]) for i in program.of("w")}
    outputs = compiled(function(program, parameters, lambda outputs, leaves: outputs))
    loss = compiled(function(program, parameters, lambda outputs, leaves: outputs[-1]))
    for size in (1, 2, EXAMPLES):
        found = np.array(outputs(*arrays(program, range(size)))).reshape(size, -1)
        yield f"batch of {size}", _part(values, range(size)).disagreement(found)
    largest = by_engine(program, largest_slope).numbers
    ones = [[e] for e in range(EXAMPLES)]
    repeated = 1 + (1 << 17) // EXAMPLES // max(len(program.steps), 1) if large else 1
    for batch in (*ones, list(range(EXAMPLES)) * repeated):
        for p in parameters.values():
            p.forget_grad()
        result = loss.sum(*arrays(program, batch))
        if result.kind == "operation":
            result.backward()
        times = len(batch) // EXAMPLES or 1
        whole = _summed(_part(first, sorted(set(batch))), len(parameters), times)
        found = [p.grad for p in parameters.values()]
        cancels = 1e-12 * times * largest[sorted(set(batch))].max()
        what = f"gradient of parameters in {len(batch)} examples"
        yield what, whole.disagreement(found, cancels)


def _part(expected: Expected, examples: Sequence[int]) -> Expected:
    rows = list(examples)
    return Expected(expected.numbers[rows], [d[rows] for d in expected.disturbed])


def _summed(expected: Expected, columns: int, times: int) -> Expected:
    """The sum over the examples, of the first columns; as disturbed as its largest part."""
    with np.errstate(all="ignore"):
        parts = expected.numbers[:, :columns]
        whole = parts.sum(axis=0) * times
        rounding = 1e-14 * times * np.abs(parts).max(axis=0)
        rounding = np.where(np.isfinite(rounding), rounding, 0.0)
        disturbed = [d[:, :columns].sum(axis=0) * times for d in expected.disturbed]
        disturbed = [np.where(np.isfinite(d), d + rounding, d) for d in disturbed]
        # What depends on parameters alone is multiplied with the sum over the batch, so that
        # infinities can meet other numbers there than in each example.
        kinds = _kind(parts)
        unsure = expected.unsure[:, :columns].any(axis=0) | (kinds != kinds[:1]).any(axis=0)
        disturbed.append(np.where(unsure, np.where(np.isnan(whole), 0.0, np.nan), whole))
    return Expected(whole, disturbed)


def _inside(program: Program, first: Expected, second: Expected) -> Iterator[tuple[str, str]]:
    """Derivatives taken inside of the compiled function, with all leaves from the batch."""
    places, batch = differentiable(program), range(EXAMPLES)
    given = [np.array([program.leaves[i].at(e) for e in batch]) for i in places]
    index = [np.array([int(program.leaves[i].at(e)) for e in batch]) for i in program.of("i")]
    for what, compute, expected in (
        ("gradient inside", slopes(program), first),
        ("gradient of a gradient inside", curvature(program), second),
    ):

        def f(*xs: Any, compute: Any = compute) -> Any:
            known = dict(zip([*places, *program.of("i")], xs, strict=True))
            leaves = [
                known[i] if i in known else constant(leaf.numbers[0])
                for i, leaf in enumerate(program.leaves)
            ]
            return compute(program.run(leaves), leaves)

        found = np.array(compiled(f)(*given, *index)).reshape(EXAMPLES, -1)
        yield what, expected.disagreement(found, cancels=0.0 if expected is first else 1e-12)


def _plain_numbers(
    program: Program, values: Expected, first: Expected
) -> Iterator[tuple[str, str]]:
    parameters = {i: Value(program.leaves[i].numbers[0]) for i in program.of("w")}
    f = compiled(function(program, parameters, lambda outputs, leaves: outputs[-1]))
    count = len(program.of("x"))
    for example in range(EXAMPLES):
        point = [float(column[0]) for column in arrays(program, [example])]
        value, found = f.value_and_gradient_at(*point)
        last = Expected(values.numbers[example, -1:], [d[example, -1:] for d in values.disturbed])
        yield "value of plain numbers", last.disagreement([value])
        inputs = Expected(
            first.numbers[example, -count:], [d[example, -count:] for d in first.disturbed]
        )
        slopes_found = np.atleast_1d(found)[:count]
        yield "gradient of plain numbers", inputs.disagreement(slopes_found)

"""The NumPy source: statements printed one a line.

The functions are straight-line statements that only run; what can be made once for a batch size
is declared before (see `numpy_names`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import operations as ops
from autograd.compiler import numpy_views
from autograd.compiler import statements as kinds
from autograd.compiler.execution import Vector, quiet, quietly
from autograd.compiler.lowering import Lowered
from autograd.compiler.numpy_names import FUNCTIONS, Names
from autograd.compiler.source import Source
from autograd.compiler.statements import Statement
from autograd.compiler.views import BATCH, Buffer, View, shape_text

_NAME_BYTES = 250  # what a name of a binding takes: a view, a place in a dict, code that reads it
_WORDS: dict[type[Statement], str] = {
    kinds.Locate: "where the chosen ones lie",
    kinds.Pick: "the chosen ones",
    kinds.Unpick: "back to the chosen ones",
    kinds.Put: "back to their rows",
}
_REDUCERS = {ops.total: "add", ops.maximum: "maximum", ops.minimum: "minimum"}


class NumpySource:
    """The source of a program, which can be bound to the arrays of a batch size.

    Attributes:
        program: what was scheduled.
        rows: how many numbers each example takes in memory.
        output, seed: the names of the results and of the gradient of the one result.
    """

    def __init__(self, lowered: Lowered) -> None:
        lowered, printer = lowered.shared(), _Printer()
        given = [printer.given(buffer) for buffer in lowered.given]
        forward = [printer.statement(each) for each in lowered.forward]
        self.output = printer.view(lowered.output)
        backward = [printer.statement(each) for each in lowered.backward]
        self.seed = printer.view(lowered.seed) if lowered.seed else None
        self._slopes = [(i, elements, printer.view(view)) for i, elements, view in lowered.slopes]
        self.program, self.rows = lowered.program, lowered.rows
        self._tables = printer.tables
        notes = [(note, "") for note in (*_notes(lowered), *printer.contents())]
        declarations = [*notes, *printer.declarations, *map(printer.one, lowered.ones)]
        self._source = Source(given, declarations, forward, backward)

    @property
    def text(self) -> str:
        """The program as it can be printed and read."""
        return self._source.text

    def bind(self, theta: Vector, gradient: Vector, batch: int) -> NumpyBound:
        """Make the buffers and views for a batch size, and the functions that run on them."""
        given = FUNCTIONS | self._tables
        given |= {"theta": theta, "grad_theta": gradient, "batch": batch}
        names = dict(given)
        forward, backward = self._source.bind(names)
        return NumpyBound(
            forward,
            backward,
            names[self.output],
            names[self.seed] if self.seed else None,
            [(argument, elements, names[name]) for argument, elements, name in self._slopes],
            _bytes_of([names[name] for name in names.keys() - given.keys()]),
        )


class NumpyBound:
    """The functions of a program, and the arrays of one batch size that its caller needs.

    Parameters:
        output: (outputs, batch).
        seed: the gradient of the one output, (1, batch); None if there are more.
    """

    def __init__(
        self,
        forward: Callable[..., None],
        backward: Callable[..., None],
        output: Any,
        seed: Any,
        gradients: list[tuple[int, list[int], Any]],
        size: int,
    ) -> None:
        self.forward, self.backward, self.output, self.seed = forward, backward, output, seed
        self.gradients, self.size = gradients, size
        # What is quicker than to look for the rows at every call.
        self._seeds = None if seed is None else seed[0]
        self._times = output[0].dot
        self._weight = math.nan  # of which the seed is full, if it is no NaN

    def outputs(self, arguments: Sequence[Any]) -> Any:
        quietly(self.forward, *arguments)
        return self.output

    def weighted(self, arguments: Sequence[Any], weight: float) -> float:
        if weight != self._weight:
            self._weight = math.nan
            self.seed[...] = weight
            self._weight = weight
        return quiet().run(self._there_and_back, arguments)

    def _there_and_back(self, arguments: Sequence[Any]) -> float:
        self.forward(*arguments)
        self.backward(*arguments)
        return float(self._times(self._seeds))


def _bytes_of(made: Sequence[Any]) -> int:
    """About what the arrays, views and functions of a binding take."""
    arrays = (array for array in made if isinstance(array, np.ndarray) and array.base is None)
    return _NAME_BYTES * len(made) + sum(array.nbytes for array in arrays)


def _notes(lowered: Lowered) -> list[str]:
    size = lowered.program.sizes["theta"]
    notes = [f"# theta: {size:,} parameters. batch: the number of examples, one a column."]
    if lowered.ones:
        notes.append("# A bias is the last column of its weights: the last of its inputs is 1.")
    return notes


class _Printer(Names):
    """The text of each kind of statement."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[type[Statement], Callable[[Any], str]] = {
            kinds.Apply: self._apply,
            kinds.Copy: self._copy,
            kinds.Reduce: self._reduce,
            kinds.ReduceSegments: self._reduce_segments,
            kinds.Product: self._product,
            kinds.Take: self._take,
            kinds.Put: self._put,
            kinds.Locate: self._locate,
            kinds.Pick: self._pick,
            kinds.Unpick: self._unpick,
            kinds.Draw: self._draw,
        }

    def one(self, view: View) -> tuple[str, str]:
        """What sets a row to 1, once, and a comment."""
        why = "what the biases are multiplied with"
        return f"{self.buffer(view.buffer)}[{view.start}] = 1.0", why

    def statement(self, statement: Statement) -> tuple[str, str]:
        """Its text, and a comment."""
        text = self._texts[type(statement)](statement)
        if isinstance(statement, kinds.Product):
            return text, _shapes(statement)
        part = isinstance(statement, kinds.Put | kinds.Unpick) and statement.source
        shape = shape_text((part if isinstance(part, View) else statement.out).shape)
        return text, f"{shape}: {_WORDS[type(statement)]}" if type(statement) in _WORDS else shape

    def _apply(self, apply: kinds.Apply) -> str:
        function = self.function(apply.op, len(apply.inputs))
        inputs = ", ".join(map(self.operand, apply.inputs))
        return f"{function}({inputs}, out={self.view(apply.out)})"

    def _copy(self, copy: kinds.Copy) -> str:
        return f"{self.view(copy.out)}[...] = {self.operand(copy.source)}"

    def _reduce(self, reduce: kinds.Reduce) -> str:
        if not reduce.axes:
            return f"{self.view(reduce.out)}[...] = {self.view(reduce.source)}"
        reducer, axes = _REDUCERS[reduce.op], reduce.axes
        axis = str(axes[0]) if len(axes) == 1 else str(axes)
        initial = ", initial=-0.0" if reduce.signed and reducer == "add" else ""
        source, out = self.view(reduce.source), self.view(reduce.out)
        return f"{reducer}.reduce({source}, axis={axis}, keepdims=True{initial}, out={out})"

    def _reduce_segments(self, reduce: kinds.ReduceSegments) -> str:
        starts = self.rows("starts", reduce.starts)
        source, out = self.view(reduce.source), self.view(reduce.out)
        return f"{_REDUCERS[reduce.op]}.reduceat({source}, {starts}, axis=0, out={out})"

    def _product(self, product: kinds.Product) -> str:
        left, right, out = map(self.view, (product.left, product.right, product.out))
        there = [side.there() for side in (product.left, product.right)]
        if not [mask for mask in there if mask is not None]:
            return f"{self._multiplier(product)}({left}, {right}, out={out})"
        return f"masked_matmul({left}, {right}, {', '.join(map(self._mask, there))}, out={out})"

    def _mask(self, there: Any) -> str:
        if there is None:
            return "None"
        return self.table(("there", there.shape, there.tobytes()), "there", there)

    def _multiplier(self, product: kinds.Product) -> str:
        """The quickest function for a product.

        NumPy's `dot` has BLAS scale by a matrix of one number, which takes 0 times infinity for 0.
        """
        sides = (product.left, product.right)
        if len(product.out.shape) > 2:
            return "matmul"
        # `dot` writes only rows that lie one behind the other; what it reads may be turned.
        writes = _in_rows(product.out) and not numpy_views.base(product.out)
        function = "dot" if writes and all(map(_in_rows, sides)) else "matmul"
        if (1, 1) in (product.left.shape, product.right.shape):
            return "multiply"
        single = {1, BATCH} in [{*side.shape} for side in sides]
        if not single and (function == "dot" or product.left.shape[1] != BATCH):
            return function
        # `multiply` is also what is quickest for one example if the result lies with gaps.
        why = "`dot` by a single number can take 0 times infinity for 0"
        hint = f"{function}_or_multiply"
        return self.declare(hint, hint, f"{function} if batch > 1 else multiply", why)

    def _take(self, take: kinds.Take) -> str:
        source = take.source.buffer
        rows = self.rows(f"{take.out.name}_rows", _behind(source, take.rows))
        if source.kind == "given":
            return f"{self.view(take.out)}[...] = {self.buffer(source)}[{rows}]"
        array = f"{source.name}[:, None]" if source.kind == "vector" else self.buffer(source)
        return f"{array}.take({rows}, axis=0, out={self.view(take.out)}, mode='clip')"

    def _put(self, put: kinds.Put) -> str:
        rows, sign = self.rows("rows", put.rows), "+=" if put.added else "="
        # With the axis in the index and not behind it, NumPy takes half of the time.
        column = "[:, None]" if put.out.buffer.kind == "vector" else ""
        return f"{self.buffer(put.out.buffer)}[{rows}{column}] {sign} {self.operand(put.source)}"

    def _locate(self, locate: kinds.Locate) -> str:
        out, indices = self.view(locate.out), self.view(locate.indices)
        column = np.array(locate.first, dtype=np.intp)[:, None]
        first = self.table(("first", locate.first), f"{locate.out.name}_first", column)
        step = "" if locate.step == 1 else str(locate.step)
        if locate.chosen_from.columns == BATCH:
            why = "where the first choice of each example lies"
            place = f"{first} * batch + arange(batch)"
            first = self.declare(("flat", first), f"{first}_places", place, why)
            step, why = f"{step} * batch" if step else "batch", "from one choice to the next"
            step = self.declare(("step", locate.step), "to_the_next", f"array({step})", why)
        if step:
            indices = f"multiply({indices}, {step}, out={out})"
        return f"add({indices}, {first}, out={out})"

    def _pick(self, pick: kinds.Pick) -> str:
        located, out = self.view(pick.located), self.view(pick.out)
        return f"{self.flat(pick.source.buffer)}.take({located}, out={out}, mode='clip')"

    def _unpick(self, unpick: kinds.Unpick) -> str:
        source, located = self.view(unpick.source), self.view(unpick.located)
        if unpick.out.buffer.columns == 1:
            out, first, rows = self.view(unpick.out), unpick.out.start, unpick.out.shape[0]
            places = f"{located}.ravel() - {first}" if first else f"{located}.ravel()"
            return f"{out}[:, 0] += bincount({places}, {source}.ravel(), {rows})"
        flat = self.flat(unpick.out.buffer)
        if unpick.once:
            return f"{flat}[{located}] += {source}"
        return f"add.at({flat}, {located}, {source})"

    def _draw(self, draw: kinds.Draw) -> str:
        generator = self.table(("generator", id(draw.generator)), "generator", draw.generator)
        return f"{generator}.random(out={self.view(draw.out)})"


def _behind(buffer: Buffer, rows: Sequence[int]) -> Sequence[int]:
    """The rows, with the row of zeros for -1."""
    return [buffer.rows if row < 0 else row for row in rows]


def _in_rows(view: View) -> bool:
    """Whether a matrix has no gaps, in one or the other order of its axes."""
    axes = zip(view.shape, view.strides, strict=True)
    long = sorted(((n, step) for n, step in axes if n not in (1, BATCH)), key=lambda a: -a[1])
    return numpy_views.dense(long)


def _shapes(product: kinds.Product) -> str:
    """As `(16, 3) @ (3, batch): W @ x`, or how many there are."""
    left, right = product.left.shape[-2:], product.right.shape[-2:]
    text = f"{shape_text(left)} @ {shape_text(right)}"
    times = ["batch" if n == BATCH else str(n) for n in product.out.shape[:-2]]
    often = f"{' x '.join(times)} times " if times else ""
    return f"{often}{text}: {product.note}"

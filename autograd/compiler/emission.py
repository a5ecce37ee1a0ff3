"""Emission: array instructions -> readable NumPy source, forward and backward.

The source is one function `bind`, which makes the buffers and all views of them for one batch
size, and returns two functions of straight-line statements that only run: `forward` and
`backward`. Derivatives come from the rows' own rules (see `adjoints`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from autograd import operations as ops
from autograd.compiler.buffers import Buffers, segment_ids, segment_starts
from autograd.compiler.graph import Graph
from autograd.compiler.instructions import (
    Draw,
    Elementwise,
    Instruction,
    Load,
    MatrixProduct,
    Pick,
    Program,
    Reduction,
    Rows,
    SegmentedDot,
)
from autograd.compiler.tracing import reduction_rule
from autograd.operation import Operation

_REDUCERS = {ops.total: "add", ops.maximum: "maximum", ops.minimum: "minimum"}


@dataclass(slots=True)
class Segments:
    """Lists of rows, as a stack (count, length, columns) if all are of one length."""

    lengths: list[int]

    @property
    def even(self) -> bool:
        return len(set(self.lengths)) == 1

    @property
    def shape(self) -> str:
        return f"{len(self.lengths)}, {self.lengths[0]}, -1"


class Emitter:
    """Emits the instructions of a program one after the other."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.buffers = Buffers(program)
        # What a reduction computed on its way, which its derivative uses again.
        self.known: dict[int, dict[int, str]] = {}
        self._chosen: dict[int, str] = {}  # the places that each pick chooses

    def forward(self) -> list[tuple[str, str]]:
        emit: dict[type, Callable[[Any], None]] = {
            Load: self._load,
            Draw: self._draw,
            Elementwise: self._elementwise,
            Reduction: self._reduction,
            MatrixProduct: self._matrix_product,
            SegmentedDot: self._segmented_dot,
            Pick: self._pick,
        }
        self.buffers.statements = []
        for argument, first, elements in self._index_arguments():
            name = f"indices[{first}:{first + len(elements)}]"
            view = self.buffers.once(("indices", argument), "index_rows", name)
            given = self._given(argument, elements)
            integer = self.program.arguments[argument].integer
            unchecked = "" if integer else ", casting='unsafe'"
            self.buffers.do(f"copyto({view}, {given}{unchecked})")
        for instruction in self.program.instructions:
            emit[type(instruction)](instruction)
            self.buffers.release()
        return self.buffers.statements

    def _index_arguments(self) -> list[tuple[int, int, list[int]]]:
        """(argument, first row, elements) of the arguments that are used as indices."""
        found: dict[int, list[int]] = {}
        for argument, element in self.program.index_rows:
            found.setdefault(argument, []).append(element)
        firsts = accumulate(map(len, found.values()), initial=0)
        return [(i, first, used) for (i, used), first in zip(found.items(), firsts, strict=False)]

    def _given(self, argument: int, elements: list[int]) -> str:
        """The numbers of an argument, or those of them that are used."""
        given, kind = self.buffers.argument(argument), self.program.arguments[argument]
        if elements == list(range(int(np.prod(kind.shape, dtype=int)))):
            return given
        return f"{given}[{self.buffers.table(f'{kind.name}_elements', np.array(elements))}]"

    # ------------------------------------------------------------------------- leaves

    def _load(self, load: Load) -> None:
        out = self.buffers.home(load.out, load.name)
        given = self._given(load.argument, load.elements)
        self.buffers.do(f"copyto({out}, {given})", f"({len(load.elements)}, batch)")

    def _draw(self, draw: Draw) -> None:
        out = self.buffers.home(draw.out, draw.name)
        generator = self.buffers.table("generator", draw.generator)
        self.buffers.do(f"{generator}.random(out={out})", f"({len(draw.out)}, batch)")

    # -------------------------------------------------------------------- elementwise

    def _elementwise(self, node: Elementwise) -> None:
        operands = [self.buffers.read(rows, f"{node.name}_operand") for rows in node.operands]
        out = self.buffers.home(node.out, node.name)
        self.apply(node.op, operands, out, self._shape(node))

    def apply(self, op: Operation, operands: list[str], out: str, comment: str = "") -> None:
        """One operation on whole arrays."""
        name = self.buffers.function(op, len(operands))
        self.buffers.do(f"{name}({', '.join(operands)}, out={out})", comment)

    def _shape(self, node: Instruction) -> str:
        return f"({len(node.out)}, {self.buffers.columns(node.out)})"

    # ---------------------------------------------------------------------- reductions

    def _reduction(self, node: Reduction) -> None:
        segments = Segments(node.lengths)
        operand = self.buffers.read(node.operand, node.name, contiguous=True)
        out = self.buffers.home(node.out, node.name)
        if node.op in _REDUCERS:
            reducer = _REDUCERS[node.op]
            self.reduce(reducer, operand, segments, out, self._shape(node), signed=True)
            return
        rule = reduction_rule(node.op)
        known = self.known[id(node)] = {}
        trace = Trace(self, rule, segments, node.out, known, keep=True)
        trace.leaves = {0: (operand, True), 1: (out, False)}
        trace.write(rule.outputs[-1], out)

    def reduce(
        self,
        reducer: str,
        operand: str,
        segments: Segments,
        out: str,
        comment: str = "",
        signed: bool = False,
    ) -> None:
        """`operand` (rows, columns), reduced over each segment into `out` (segments, columns).

        NumPy begins a sum with 0.0; if `signed`, with -0.0, to which -0.0 can be added.
        """
        if segments.even:
            stack = self.buffers.reshaped(operand, segments.shape)
            initial = ", initial=-0.0" if signed and reducer == "add" else ""
            self.buffers.do(f"{reducer}.reduce({stack}, axis=1{initial}, out={out})", comment)
        else:
            starts = self.starts(segments)
            self.buffers.do(f"{reducer}.reduceat({operand}, {starts}, axis=0, out={out})", comment)

    def starts(self, segments: Segments) -> str:
        key = ("starts", *segments.lengths)
        return self.buffers.table_once(key, "segments", segment_starts(segments.lengths))

    def spread(self, name: str, segments: Segments, columns: str) -> str:
        """An array with a row for each segment, to be used with each row of the operands."""
        if _is_number(name):
            return name
        if segments.even:
            return self.buffers.once(
                ("each", name), f"{name}_each", f"{name}.reshape({len(segments.lengths)}, 1, -1)"
            )
        key = ("ids", *segments.lengths)
        ids = self.buffers.table_once(key, "segments", segment_ids(segments.lengths))
        each = self.buffers.scratch(sum(segments.lengths), columns)
        self.buffers.do(f"take({name}, {ids}, axis=0, out={each}, mode='clip')")
        return each

    def stacked(self, name: str, segments: Segments) -> str:
        """An array with a row for each operand, in the shape that fits `spread`."""
        if _is_number(name) or not segments.even:
            return name
        return self.buffers.reshaped(name, segments.shape)

    # ---------------------------------------------------------------------------- dots

    def _matrix_product(self, node: MatrixProduct) -> None:
        buffers = self.buffers
        weights, x = self.weights(node), self.inputs(node)
        out = buffers.home(node.out, node.name)
        shapes = f"({node.rows}, {node.columns}) @ ({node.columns}, batch): W @ x"
        shapes += " + b" if node.bias_column else ""
        if node.positions == 1:
            # `dot` would copy a matrix with gaps between its rows.
            product = "matmul"
            if self.dense(node):
                product = self.product(node.rows, node.columns)
            buffers.do(f"{product}({weights}, {x}, out={out})", shapes)
        else:
            out = buffers.reshaped(out, f"{node.positions}, {node.rows}, -1")
            buffers.do(f"matmul({weights}, {x}, out={out})", f"{node.positions} times {shapes}")
        if node.bias is not None:
            bias = buffers.read(node.bias, f"{stem(node.name)}_bias")
            buffers.do(f"add({out}, {bias}, out={out})")

    def product(self, rows: int, inner: int) -> str:
        """The function for the product of (rows, inner) and (inner, batch) matrices.

        NumPy's `dot` has BLAS scale by a matrix of one number, which takes 0 times infinity for 0.
        """
        if inner > 1:
            return "dot"
        return "multiply" if rows == 1 else self._product()

    def product_over_batch(self, rows: int, columns: int) -> str:
        """The same for (rows, batch) and (batch, columns) matrices."""
        return self._product() if 1 in (rows, columns) else "dot"

    def _product(self) -> str:
        why = "`dot` by a single number can take 0 times infinity for 0"
        return self.buffers.once(("product",), "product", "dot if batch > 1 else multiply", why)

    def inputs(self, node: MatrixProduct) -> str:
        """The inputs of a product, as (columns, batch) or as a stack of such."""
        buffers, rows, name = self.buffers, node.inputs, stem(node.name)
        if node.bias_column:
            without = buffers.read(Rows(rows.storage, rows.places[:-1]), name)
            return buffers.read(rows, f"{without}_and_1")
        if node.positions == 1:
            return buffers.read(rows, name, contiguous=buffers.repeats(rows))
        x = buffers.read(rows, name, contiguous=True)
        return buffers.reshaped(x, f"{node.positions}, {node.columns}, -1")

    def weights(self, node: MatrixProduct) -> str:
        """The matrix of a product: a view of theta, or a buffer that its rows are gathered in."""
        name = f"{stem(node.name)}_weights"
        view = self.buffers.matrix(node.weights, node.rows, node.columns, 0, name)
        if view is not None:
            return view
        gathered = self.buffers.read(node.weights, name, contiguous=True)
        return self.buffers.reshaped(gathered, f"{node.rows}, {node.columns}")

    def dense(self, node: MatrixProduct) -> bool:
        """Whether the rows of the weights lie one behind the other in theta."""
        places = node.weights.places
        if node.weights.storage != "theta" or node.rows == 1:
            return True
        return places[node.columns] == places[0] + node.columns

    def _segmented_dot(self, node: SegmentedDot) -> None:
        segments, columns = Segments(node.lengths), self.buffers.columns(node.out)
        left = self.buffers.read(node.left, f"{node.name}_left")
        right = self.buffers.read(node.right, f"{node.name}_right")
        out = self.buffers.home(node.out, node.name)
        products = self.buffers.scratch(len(node.left), columns, "products")
        self.buffers.do(f"multiply({left}, {right}, out={products})")
        self.reduce("add", products, segments, out, self._shape(node))
        if node.bias is not None:
            bias = self.buffers.read(node.bias, f"{node.name}_bias")
            self.buffers.do(f"add({out}, {bias}, out={out})")

    # ---------------------------------------------------------------------------- pick

    def _pick(self, node: Pick) -> None:
        out = self.buffers.home(node.out, node.name)
        chosen = self.chosen(node)
        source = self.flat(node.operands.storage)
        self.buffers.do(f"{source}.take({chosen}, out={out}, mode='clip')", self._shape(node))

    def flat(self, storage: str, side: int = 0) -> str:
        if storage == "theta":
            return "grad_theta" if side else "theta"
        if storage == "constants":
            return self.buffers.table_once(
                ("constants",), "constants", np.array(self.program.constants)
            )
        array = f"grad_{storage}" if side else storage
        return self.buffers.once(("flat", array), f"{array}_flat", f"{array}.reshape(-1)")

    def chosen(self, node: Pick) -> str:
        """The places (in the flat storage) that the indices choose; computed in the forward."""
        if id(node) in self._chosen:
            return self._chosen[id(node)]
        count = len(node.out)
        indices = self.buffers.read(node.indices, node.name)
        name = self.buffers.declare(f"{node.name}_chosen", f"empty(({count}, batch), dtype=intp)")
        table = np.asarray(node.operands.places).reshape(count, node.choices)
        steps = np.diff(table, axis=1)
        if node.choices == 1 or (steps == steps[0, 0]).all():
            step = 1 if node.choices == 1 else int(steps[0, 0])
            if step != 1:
                self.buffers.do(f"multiply({indices}, {step}, out={name})")
                indices = name
            first = self.buffers.table(f"{node.name}_first", table[:, :1].astype(np.intp))
            self.buffers.do(f"add({indices}, {first}, out={name})")
        else:
            offsets = np.arange(count, dtype=np.intp)[:, None] * node.choices
            first = self.buffers.table(f"{node.name}_first", offsets)
            places = self.buffers.table(f"{node.name}_places", table.ravel().astype(np.intp))
            self.buffers.do(f"add({indices}, {first}, out={name})")
            self.buffers.do(f"{name}[...] = {places}[{name}]")
        if node.operands.storage == "values":
            columns = self.buffers.once(("columns",), "columns", "arange(batch)")
            self.buffers.do(f"multiply({name}, batch, out={name})")
            self.buffers.do(f"add({name}, {columns}, out={name})")
        self._chosen[id(node)] = name
        return name


class Trace:
    """Emits the graph of a rule on arrays.

    Inside a reduction an array is "stacked" if it has a row for each operand, and otherwise has a
    row for each result.
    """

    def __init__(
        self,
        emitter: Emitter,
        graph: Graph,
        segments: Segments | None,
        out: Rows,
        known: dict[int, str] | None = None,
        keep: bool = False,
    ) -> None:
        self.emitter, self.graph, self.segments = emitter, graph, segments
        self.out, self.keep = out, keep
        self.known: dict[int, str] = {} if known is None else known
        self.leaves: dict[int, tuple[str, bool]] = {}
        self._stacked: dict[int, bool] = {}

    def stacked(self, i: int) -> bool:
        """Whether node `i` has a row for each operand of the reduction."""
        if i not in self._stacked:
            node = self.graph.nodes[i]
            if node.kind == "input":
                self._stacked[i] = self.leaves[node.content][1]
            elif node.kind == "constant" or (node.op is not None and node.op.nary):
                self._stacked[i] = False
            else:
                self._stacked[i] = any(self.stacked(k) for k in node.operands)
        return self._stacked[i]

    def name(self, i: int) -> str:
        """The array of node `i`, computed by now."""
        node = self.graph.nodes[i]
        if node.kind == "input":
            return self.leaves[node.content][0]
        if node.kind == "constant":
            return repr(node.content)
        if i not in self.known:
            self.known[i] = self._array(i)
            self.write(i, self.known[i])
        return self.known[i]

    def shaped(self, i: int, stacked: bool) -> str:
        """The array of node `i` in the shape for use with stacked arrays, or with others."""
        name = self.name(i)
        if self.segments is None or not stacked:
            return name
        if self.stacked(i):
            return self.emitter.stacked(name, self.segments)
        return self.emitter.spread(name, self.segments, self._columns())

    def write(self, i: int, out: str) -> None:
        """Compute node `i` into the array `out`."""
        node = self.graph.nodes[i]
        if node.kind != "operation":
            self.emitter.buffers.do(f"copyto({out}, {self.name(i)})")
            return
        assert node.op is not None
        reduced = [k for k in node.operands if node.op.nary and self.stacked(k)]
        if reduced:
            self._write_reduced(
                node.op, reduced[0], [k for k in node.operands if k not in reduced], out
            )
            return
        stacked = self.stacked(i)
        operands = [self.shaped(k, stacked) for k in node.operands]
        target = self.emitter.stacked(out, self.segments) if stacked and self.segments else out
        self.emitter.apply(node.op, operands, target)

    def _write_reduced(self, op: Operation, stack: int, others: list[int], out: str) -> None:
        """An n-ary operation on all operands of a segment, and on some more arrays."""
        assert self.segments is not None
        self.emitter.reduce(_REDUCERS[op], self.name(stack), self.segments, out)
        for other in others:
            self.emitter.buffers.do(f"{_REDUCERS[op]}({out}, {self.name(other)}, out={out})")

    def _array(self, i: int) -> str:
        rows = sum(self.segments.lengths) if self.segments and self.stacked(i) else len(self.out)
        if self.keep:
            name = f"{self.graph.nodes[i].op.name}_kept"  # type: ignore[union-attr]
            return self.emitter.buffers.declare(name, f"empty(({rows}, {self._columns()}))")
        return self.emitter.buffers.scratch(rows, self._columns())

    def _columns(self) -> str:
        return self.emitter.buffers.columns(self.out)


def _is_number(name: str) -> bool:
    """Whether the source has a number there, and not the name of an array."""
    return name in ("inf", "nan") or not name.isidentifier()


def stem(name: str) -> str:
    return name.removesuffix("_dot") or name

"""Adjoints: the backward pass of each instruction, emitted in reverse order.

A gradient that is written for the first time is assigned, not added to zeros. What parameters
get is summed over the batch, which for a matrix product is `grad @ inputs.T`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.compiler.buffers import segment_starts
from autograd.compiler.emission import Emitter, Segments, Trace, stem
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
    Storage,
)
from autograd.compiler.tracing import partials_rule, reduction_rule

# Emits the computation of a contribution to a gradient into the array of the given name.
Writer = Callable[[str], None]


class Adjoints:
    """Emits the backward pass of what an emitter has emitted forward.

    `inputs` says whether the arguments get gradients too, for which they were scheduled.
    """

    def __init__(self, emitter: Emitter, inputs: bool = False) -> None:
        self.emitter, self.buffers = emitter, emitter.buffers
        self.program: Program = emitter.program
        self.written: dict[Storage, set[int]] = {"values": set(), "weights": set(), "theta": set()}
        self.required = self._required(inputs)

    def _required(self, inputs: bool) -> dict[Storage, set[int]]:
        """The rows whose gradient is needed: those that depend on parameters (or inputs)."""
        required: dict[Storage, set[int]] = {
            "values": set(),
            "weights": set(),
            "theta": set(range(self.program.sizes["theta"])),
            "constants": set(),
            "indices": set(),
        }
        for node in self.program.instructions:
            in_place = isinstance(node, MatrixProduct) and node.inputs.argument is not None
            assert not (inputs and in_place), "an argument that is read in place has no gradient"
            asked_for = inputs and isinstance(node, Load)
            if asked_for or any(
                required[rows.storage].intersection(rows.places) for rows in _operands(node)
            ):
                required[node.out.storage].update(node.out.places)
        return required

    def needed(self, rows: Rows | None) -> bool:
        if rows is None or rows.argument is not None:
            return False
        return not self.required[rows.storage].isdisjoint(rows.places)

    def backward(self) -> list[tuple[str, str]]:
        emit: dict[type, Callable[[Any, str], None]] = {
            Elementwise: self._elementwise,
            Reduction: self._reduction,
            MatrixProduct: self._matrix_product,
            SegmentedDot: self._segmented_dot,
            Pick: self._pick,
        }
        self.buffers.statements = []
        for storage, place in self.program.outputs:
            self.written[storage].add(place)
        for node in reversed(self.program.instructions):
            known = self.written[node.out.storage].intersection(node.out.places)
            if type(node) in emit and known and self.needed(node.out):
                self._fill(node.out)
                gradient = self.buffers.gradient(node.out, node.name)
                assert gradient is not None
                emit[type(node)](node, gradient)
                self.buffers.release()
        for node in self.program.instructions:
            if isinstance(node, Load) and self.needed(node.out):
                self._fill(node.out)
        return self.buffers.statements

    # ------------------------------------------------------- where contributions are put

    def _fill(self, rows: Rows) -> None:
        """Zeros where no gradient has been written."""
        written = self.written[rows.storage]
        missing = sorted(set(rows.places) - written)
        if missing:
            place = Rows(rows.storage, missing)
            target = self.buffers.gradient(place, "unused") or self._fancy(place)
            self.buffers.do(f"copyto({target}, 0.0)" if "[" not in target else f"{target} = 0.0")
            written.update(missing)

    def _fancy(self, rows: Rows) -> str:
        places = self.buffers.table("rows", np.array(rows.places, dtype=np.intp))
        if rows.storage == "theta":
            return f"grad_theta[{places}, None]"
        return f"grad_{rows.storage}[{places}]"

    def _first(self, rows: Rows) -> bool:
        """Whether nothing has been written to these rows; marks them as written."""
        written, places = self.written[rows.storage], set(rows.places)
        first = written.isdisjoint(places)
        if not first:
            self._fill(Rows(rows.storage, sorted(places)))
        written.update(places)
        return first

    def deposit(self, rows: Rows, columns: str, write: Writer, ready: str | None = None) -> None:
        """Add a contribution to the gradient of `rows`.

        `write(name)` emits it into an array of shape (len(rows), columns); `ready` is the name of
        an array that holds it already.
        """
        if not self.needed(rows):
            return
        if columns == "batch" and self.buffers.columns(rows) == "1":
            contribution = ready or self._written(len(rows), columns, write)
            self.deposit(rows, "1", lambda out: self._over_batch(contribution, out))
            return
        places = list(rows.places)
        target = self.buffers.gradient(rows) if len(set(places)) == len(places) else None
        if target is not None and self._first(rows):
            if ready:
                self.buffers.do(f"copyto({target}, {ready})")
            else:
                write(target)
            return
        contribution = ready or self._written(len(rows), columns, write)
        if target is not None:
            self.buffers.do(f"add({target}, {contribution}, out={target})")
        else:
            self._scatter(rows, columns, contribution)

    def _written(self, rows: int, columns: str, write: Writer) -> str:
        name = self.buffers.scratch(rows, columns)
        write(name)
        return name

    def _over_batch(self, contribution: str, out: str) -> None:
        self.buffers.do(f"add.reduce({contribution}, axis=1, keepdims=True, out={out})")

    def _scatter(self, rows: Rows, columns: str, contribution: str) -> None:
        """Add to rows that do not lie evenly, or of which some are read several times."""
        places = np.array(rows.places, dtype=np.intp)
        unique, counts = np.unique(places, return_counts=True)
        if len(unique) < len(places):
            order = np.argsort(places, kind="stable")
            if (np.diff(order) != 1).any():
                table = self.buffers.table("order", order)
                ordered = self.buffers.scratch(len(rows), columns)
                self.buffers.do(
                    f"take({contribution}, {table}, axis=0, out={ordered}, mode='clip')"
                )
                contribution = ordered
            starts = self.buffers.table("starts", segment_starts(counts.tolist()))
            once = Rows(rows.storage, unique.tolist())
            self.deposit(once, columns, lambda out: self.buffers.do(
                f"add.reduceat({contribution}, {starts}, axis=0, out={out})"))  # fmt: skip
            return
        first = self._first(rows)
        target = self._fancy(rows)
        if rows.storage == "theta":
            target, contribution = target.replace(", None", ""), f"{contribution}[:, 0]"
        self.buffers.do(f"{target} {'=' if first else '+='} {contribution}")

    # -------------------------------------------------------------------- instructions

    def _elementwise(self, node: Elementwise, gradient: str) -> None:
        wanted = tuple(
            self.needed(rows) and not node.op.is_flat_in(i) for i, rows in enumerate(node.operands)
        )
        rule = partials_rule(node.op, wanted)
        columns = self.buffers.columns(node.out)
        trace = Trace(self.emitter, rule, None, node.out)
        arrays = [self.buffers.read(rows, node.name) for rows in node.operands]
        arrays.append(self.buffers.read(node.out, node.name))
        trace.leaves = {i: (name, False) for i, name in enumerate(arrays)}
        operands = [
            rows for rows, is_wanted in zip(node.operands, wanted, strict=True) if is_wanted
        ]
        for rows, output in zip(operands, rule.outputs, strict=True):
            self._chain(trace, output, gradient, rows, columns)

    def _chain(self, trace: Trace, output: int, gradient: str, rows: Rows, columns: str) -> None:
        """The chain rule: deposit partial times gradient, without the factors 1, -1 and 0."""
        partial = trace.graph.nodes[output]
        number = partial.content if partial.kind == "constant" else None
        if number == 0.0:
            self._fill(rows)  # A gradient of 0 is passed on, as the engine does.
        elif number == 1.0:
            self.deposit(rows, columns, lambda out: None, ready=gradient)
        elif number == -1.0:
            self.deposit(
                rows, columns, lambda out: self.buffers.do(f"negative({gradient}, out={out})")
            )
        else:
            name = trace.name(output)
            self.deposit(
                rows,
                columns,
                lambda out: self.buffers.do(f"multiply({name}, {gradient}, out={out})"),
            )

    def _reduction(self, node: Reduction, gradient: str) -> None:
        segments, columns = Segments(node.lengths), self.buffers.columns(node.out)
        rule = reduction_rule(node.op)
        known = self.emitter.known.get(id(node), {})
        trace = Trace(self.emitter, rule, segments, node.out, known)
        operand = self.buffers.read(node.operand, node.name, contiguous=True)
        trace.leaves = {0: (operand, True), 1: (self.buffers.read(node.out), False)}
        partial = rule.nodes[rule.outputs[0]]
        each = self.emitter.spread(gradient, segments, columns)

        def write(out: str) -> None:
            target = self.emitter.stacked(out, segments)
            if partial.kind == "constant" and partial.content == 1.0:
                self.buffers.do(f"copyto({target}, {each})")
            else:
                factor = trace.shaped(rule.outputs[0], stacked=True)
                self.buffers.do(f"multiply({factor}, {each}, out={target})")

        self._deposit_stack(node.operand, columns, write)

    def _deposit_stack(self, rows: Rows, columns: str, write: Writer) -> None:
        """As `deposit`, into arrays that lie without gaps, so that they can be reshaped."""
        where = self.buffers.slice(rows)
        if where is not None and where[2] == 1:
            self.deposit(rows, columns, write)
        elif self.needed(rows):
            self.deposit(rows, columns, write, ready=self._written(len(rows), columns, write))

    def _matrix_product(self, node: MatrixProduct, gradient: str) -> None:
        x = self.emitter.inputs(node)
        if node.positions > 1:
            gradient = self.buffers.reshaped(gradient, f"{node.positions}, {node.rows}, -1")
        if node.bias is not None:
            self._bias(node, gradient)
        if self.needed(node.weights):
            self._weights(node, gradient, x)
        if self.needed(node.inputs):
            self._inputs(node, gradient)

    def _bias(self, node: MatrixProduct, gradient: str) -> None:
        assert node.bias is not None
        axes = "1" if node.positions == 1 else "(0, 2)"

        def write(out: str) -> None:
            flat = self.buffers.reshaped(out, "-1")
            self.buffers.do(f"add.reduce({gradient}, axis={axes}, out={flat})")

        if self.buffers.columns(node.bias) == "1" and self.needed(node.bias):
            ready = self._written(node.rows, "1", write)
            self.deposit(node.bias, "1", write, ready=ready)

    def _weights(self, node: MatrixProduct, gradient: str, x: str) -> None:
        rows, name = node.weights, f"{stem(node.name)}_weights"
        target = self.buffers.matrix(rows, node.rows, node.columns, 1, name)
        if target is not None and len(set(rows.places)) == len(rows.places) and self._first(rows):
            self._outer(node, gradient, x, target, self.emitter.dense(node))
            return
        scratch = self.buffers.scratch(node.rows, str(node.columns))
        self._outer(node, gradient, x, scratch, contiguous=True)
        if target is not None:
            self.buffers.do(f"add({target}, {scratch}, out={target})")
        else:
            flat = self.buffers.reshaped(scratch, "-1, 1")
            self.deposit(rows, "1", lambda out: None, ready=flat)

    def _outer(
        self, node: MatrixProduct, gradient: str, x: str, out: str, contiguous: bool
    ) -> None:
        """`gradient @ x.T`, summed over the batch and the positions."""
        width = node.columns
        shapes = f"({node.rows}, batch) @ (batch, {width}): delta @ x.T"
        if node.positions == 1 and contiguous:
            transposed = self.buffers.transposed(x)
            product = self.emitter.product_over_batch(node.rows, width)
            self.buffers.do(f"{product}({gradient}, {transposed}, out={out})", shapes)
            return
        if node.positions == 1:
            # Into rows with gaps, by way of the transposed product, which is the quicker one.
            scratch = self.buffers.scratch(width, str(node.rows), "product")
            transposed = self.buffers.transposed(gradient)
            product = self.emitter.product_over_batch(node.rows, width)
            self.buffers.do(
                f"{product}({x}, {transposed}, out={scratch})", f"the transposed {shapes}"
            )
            self.buffers.do(f"copyto({out}, {self.buffers.transposed(scratch)})")
            return
        transposed = self.buffers.transposed(x, "0, 2, 1")
        products = self.buffers.scratch(f"{node.positions}, {node.rows}", str(width), "products")
        self.buffers.do(f"matmul({gradient}, {transposed}, out={products})", shapes)
        self.buffers.do(f"add.reduce({products}, axis=0, out={out})")

    def _inputs(self, node: MatrixProduct, gradient: str) -> None:
        weights, rows, count = self.emitter.weights(node), node.inputs, node.columns
        if node.bias_column:
            rows, count = Rows(rows.storage, rows.places[:-1]), count - 1
            weights = self.buffers.once(
                ("unbiased", weights), f"{weights}_without_bias", f"{weights}[:, :{count}]"
            )
        transposed = self.buffers.transposed(weights)

        def write(out: str) -> None:
            if node.positions == 1:
                shapes = f"({count}, {node.rows}) @ ({node.rows}, batch): W.T @ delta"
                product = self.emitter.product(count, node.rows)
                self.buffers.do(f"{product}({transposed}, {gradient}, out={out})", shapes)
            else:
                out = self.buffers.reshaped(out, f"{node.positions}, {count}, -1")
                self.buffers.do(f"matmul({transposed}, {gradient}, out={out})")

        self._deposit_stack(rows, self.buffers.columns(rows), write)

    def _segmented_dot(self, node: SegmentedDot, gradient: str) -> None:
        segments, columns = Segments(node.lengths), self.buffers.columns(node.out)
        if node.bias is not None:
            self.deposit(node.bias, columns, lambda out: None, ready=gradient)
        each = self.emitter.spread(gradient, segments, columns)
        for rows, other in ((node.left, node.right), (node.right, node.left)):
            if self.needed(rows):
                self._product(node, rows, other, each, segments, columns)

    def _product(
        self,
        node: SegmentedDot,
        rows: Rows,
        other: Rows,
        each: str,
        segments: Segments,
        columns: str,
    ) -> None:
        side = "right" if other is node.right else "left"
        factor = self.buffers.read(other, f"{node.name}_{side}", contiguous=True)
        factor = self.emitter.stacked(factor, segments)

        def write(out: str) -> None:
            target = self.emitter.stacked(out, segments)
            self.buffers.do(f"multiply({factor}, {each}, out={target})")

        if self.buffers.columns(rows) != columns:
            self.deposit(rows, columns, write)
        else:
            self._deposit_stack(rows, columns, write)

    def _pick(self, node: Pick, gradient: str) -> None:
        chosen, storage = self.emitter.chosen(node), node.operands.storage
        unique = sorted(set(node.operands.places))
        if storage != "values":
            first, size = unique[0], unique[-1] + 1 - unique[0]
            places = f"({chosen}.ravel() - {first})" if first else f"{chosen}.ravel()"
            counts = f"bincount({places}, {gradient}.ravel(), {size})"
            rows = Rows(storage, unique)
            name = self.buffers.scratch(size, "1", "counted")
            self.buffers.do(f"{name}[:, 0] = {counts}")
            counted = [place - first for place in unique]
            where = self.buffers.slice(Rows(storage, counted))
            if where is None:
                table = self.buffers.table("rows", np.array(counted, dtype=np.intp))
                part = f"{name}[{table}]"
            else:
                part = f"{name}[{where[0]}:{where[1]}:{where[2]}]"
            self.deposit(rows, "1", lambda out: self.buffers.do(f"copyto({out}, {part})"))
            return
        self._fill(Rows(storage, unique))
        flat = self.emitter.flat(storage, side=1)
        if len(unique) == len(node.operands.places):
            self.buffers.do(f"{flat}[{chosen}] += {gradient}")
        else:
            self.buffers.do(f"add.at({flat}, {chosen}, {gradient})")


def _operands(node: Instruction) -> Sequence[Rows]:
    if isinstance(node, Elementwise):
        return node.operands
    if isinstance(node, Reduction):
        return [node.operand]
    if isinstance(node, Pick):
        return [node.operands]
    if isinstance(node, MatrixProduct):
        parts = [node.weights, node.inputs, node.bias]
    elif isinstance(node, SegmentedDot):
        parts = [node.left, node.right, node.bias]
    else:
        assert isinstance(node, Load | Draw)
        return []
    return [rows for rows in parts if rows is not None and rows.argument is None]

"""The recorder: the engine's tracer while a function is called on stand-ins without numbers.

Whatever would make the graph depend on the example's numbers (a comparison, `bool()`, `float()`,
`.data`) is refused here, so that a recorded graph is right for every example.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from time import sleep
from typing import Any, NoReturn

import numpy as np

from autograd import context
from autograd import operations as ops
from autograd.compiler.errors import CompilationError
from autograd.compiler.graph import Graph, Node, NodeKind, node_text
from autograd.compiler.outside import Outside
from autograd.operation import Operation
from autograd.origin import described, person_line
from autograd.value import Value


class Recorded(Value):
    """A Value without a number: a place in the graph that is being recorded."""

    __slots__ = ("__weakref__", "index", "tracer")

    index: int
    tracer: Recorder

    @property
    def _data(self) -> float:  # type: ignore[override]
        self.tracer.refuse(self, ".data")

    @property
    def _grad(self) -> float:  # type: ignore[override]
        self.tracer.refuse(self, ".grad")

    def _number(self, use: str) -> float:
        self.tracer.refuse(self, use)

    def __index__(self) -> int:
        self.tracer.refuse(self, "as an index")

    def backward(self) -> None:
        self.tracer.refuse(self, "backward()")

    def __repr__(self) -> str:
        return f"<recorded {self.op.name if self.op else self.label}>"


_CHOICES = "write where(condition, a, b) with greater(), less() or step(), maximum(), relu() ..."
_NUMBERS = f"compute with the Value itself, x.exp() and not math.exp(x), or {_CHOICES}"
_WAYS_OUT = {
    "float()": _NUMBERS,
    "int()": _NUMBERS,
    "backward()": "call gradient(output, inputs) inside, or .mean(...).backward() outside",
    "as an index": "write pick(values, index)",
    "format()": "print it outside, from the results",
    "repr()": "print it outside, from the results",
    ".data": "compute with the Value itself",
    ".grad": "call gradient(output, inputs)",
    "as the index of pick()": "give it an argument as it came, or compute the index outside",
}

# What is computed under `no_grad()`: the number as it is, and no derivative.
NO_GRAD = Operation(
    "no_grad", symbol="no_grad", forward=lambda x: x, array=np.positive, partials=(0.0,)
)


class Recorder:
    """Builds the graph while the function runs: the engine's tracer.

    Parameters:
        outside: is shown what the function reads.
        expected: an earlier graph of the same function; `difference` then says, at the first
            node that is another, what it is and where.
    """

    def __init__(self, outside: Outside | None = None, expected: Graph | None = None) -> None:
        self.graph = Graph()
        self.outside, self.expected = outside, expected
        self.difference = ""
        self.refusal: CompilationError | None = None
        self.made: set[Value] = set()
        self._stand_ins: list[weakref.ref[Recorded]] = []
        self._captured: dict[Value, int] = {}
        self._constants: dict[str, int] = {}

    def leaf(self, kind: NodeKind, content: Any, label: str) -> Recorded:
        edges = None if kind == "random" else ()
        return self._recorded(Node(kind, content=content), None, edges, label)

    def record(self, op: Operation, operands: Sequence[Value]) -> Recorded:
        places = tuple(self.place(operand) for operand in operands)
        state = context.current()
        if op is ops.pick and self.graph.nodes[places[-1]].kind not in ("input", "constant"):
            self.refuse(operands[-1], "as the index of pick()")
        node = Node("operation", op, places, scope=state.scope)
        # As in the engine, what is made of constants alone is one.
        fixed = all(operand._edges is None for operand in operands)
        edges = None if fixed else (*operands, *[None] * len(operands))
        out = self._recorded(node, op, edges, "")
        if state.recording:
            return out
        node = Node("operation", NO_GRAD, (out.index,), scope=state.scope)
        return self._recorded(node, NO_GRAD, None, "")

    def place(self, value: Value) -> int:
        """Where a Value stands in the graph; one from outside is added as a parameter."""
        if isinstance(value, Recorded):
            if value.tracer is not self:
                raise CompilationError(
                    f"{value!r} was kept from another recording: a compiled function must not "
                    "collect Values in variables outside of it, but return them"
                )
            return value.index
        # A Parameter that is made when it is first wanted is one, wherever that is.
        if value.kind == "constant" or (value in self.made and value.kind != "parameter"):
            number = value._data
            if self.outside is not None and value not in self.made:
                self.outside.read_number(value, number)
            # Told apart as text, so that -0.0 is not 0.0 and NaN is equal to itself.
            return self._once(self._constants, repr(number), Node("constant", content=number))
        return self._once(self._captured, value, Node("parameter", content=value))

    def _once(self, places: dict[Any, int], key: Any, node: Node) -> int:
        if key not in places:
            places[key] = self._append(node)
        return places[key]

    def _append(self, node: Node) -> int:
        place = len(self.graph.nodes)
        self.graph.nodes.append(node)
        if self.expected is not None and not self.difference:
            known = self.expected.nodes
            if place == len(known):
                self._differs(f"{node_text(node)} is new")
            elif not node.same(known[place]):
                self._differs(_changed(known[place], node))
        return place

    def _differs(self, text: str) -> None:
        self.difference = f"at {described(person_line())}\n  {text}"

    def saw(self, owner: Any, name: str) -> None:
        if self.outside is not None:
            self.outside.saw(owner, name)

    def refuse(self, value: Value, use: str) -> NoReturn:
        # Noted before the text is made, which reads no number: the function may catch it.
        self.refusal = CompilationError(f"{use} of a Value in a compiled function")
        self.refusal = CompilationError(
            f"{use} of {_named(value)} in a compiled function, at {described(person_line())}\n"
            "  The graph is recorded once, without numbers, and replayed for other examples and "
            f"other parameters, so it cannot depend on one: {_WAYS_OUT.get(use, _CHOICES)}"
        )
        raise self.refusal

    def _recorded(
        self, node: Node, op: Operation | None, edges: tuple[Any, ...] | None, label: str
    ) -> Recorded:
        out: Recorded = object.__new__(Recorded)
        out.index, out.tracer = self._append(node), self
        out.op, out._edges, out.label, out.scope = op, edges, label, node.scope
        self._stand_ins.append(weakref.ref(out))
        return out

    def _alive(self) -> list[Recorded]:
        return [value for stand_in in self._stand_ins if (value := stand_in()) is not None]

    def check_that_none_was_kept(self) -> None:
        """Raise if the function put a Value somewhere outside, where it would have no number."""
        if self._alive():
            gc.collect()  # What only a cycle holds is not kept.
        for pause in _PAUSES:
            if not self._alive():
                break
            sleep(pause)  # A profiler in another thread may be looking at the function's frames.
        if kept := self._alive():
            raise CompilationError(
                f"{kept[-1]!r} was kept in a variable outside of the compiled function, where it "
                "has no number: return it (a function may return nested lists of Values)"
            )


_PAUSES = (0.001, 0.004, 0.02, 0.1, 0.4)  # seconds; the last are for a busy machine


def _changed(old: Node, new: Node) -> str:
    if old.kind == new.kind and old.op is new.op:
        if old.kind == "constant":
            return f"the number {new.content} was {old.content}"
        if old.kind == "operation":
            return f"the operands of {node_text(new)} were others"
        what = "the generator of uniform()" if new.kind == "random" else node_text(new)
        return f"{what} is another one than before: it must be made once, outside of the function"
    if new.kind == "constant":
        return f"{node_text(new)} was another one"  # which is used elsewhere too
    return f"{node_text(new)} was {node_text(old)}"


def _named(value: Value) -> str:
    if value.op is not None:
        return f"the result of {value.op.name}()"
    return repr(value.label) if value.label else "a Value without a label"

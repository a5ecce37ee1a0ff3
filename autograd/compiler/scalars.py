"""Functions of plain numbers: the recorded graph as straight-line Python on floats.

The source is printed twice. The quick version uses Python's operators and `math`; where those
raise (a division by zero, an overflow), the exact version of the same statements gives the
infinity or NaN of IEEE 754.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd import operations as ops
from autograd.compiler.folding import simplified
from autograd.compiler.graph import Graph, Node, needed
from autograd.compiler.naming import identifier
from autograd.compiler.tracing import partials_rule
from autograd.operation import Operation

_ARITHMETIC = (ops.add, ops.subtract, ops.multiply)
_COMPARISONS = (
    ops.less, ops.less_equal, ops.greater, ops.greater_equal, ops.equal, ops.not_equal
)  # fmt: skip
_TERMS = 50  # of a sum in one statement: Python compiles expressions recursively


class ScalarProgram:
    """A recorded function of numbers, and its gradient.

    Attributes:
        source: the quick version as text.
    """

    def __init__(self, graph: Graph) -> None:
        if len(graph.outputs) != 1 or isinstance(graph.structure, list):
            raise ValueError(
                "a compiled function of plain numbers must give one number, this one gives "
                f"{len(graph.outputs)}"
            )
        self._graph = simplified(graph)
        self._names: list[str] = []
        for argument in graph.arguments:
            name = identifier(argument.name)
            while name in self._names:  # as two may be that differ in other letters
                name += "_"
            self._names.append(name)
        self.leaves = [node.content for node in self._graph.nodes if node.kind == "parameter"]
        self._generators = [node.content for node in self._graph.nodes if node.kind == "random"]
        quick = _Writer(self._graph, self._names, "/")
        self.source = quick.text()
        self._quick = quick.functions(self.source)

    @cached_property
    def _exact(self) -> tuple[Callable[..., Any], Callable[..., Any]]:
        exact = _Writer(self._graph, self._names, None)
        return exact.functions(exact.text())

    def value(self, numbers: Sequence[float]) -> float:
        """The value at a point."""
        return self._run(0, numbers)  # type: ignore[no-any-return]

    def value_and_gradient(self, numbers: Sequence[float]) -> tuple[float, tuple[float, ...]]:
        """The value at a point, and the derivatives with respect to the arguments."""
        return self._run(1, numbers)  # type: ignore[no-any-return]

    def _run(self, which: int, numbers: Sequence[float]) -> Any:
        if self.leaves or self._generators:
            # Drawn here, and once, whichever version it is that succeeds.
            draws = [generator.random() for generator in self._generators]
            numbers = [*numbers, *[leaf._data for leaf in self.leaves], *draws]
        try:
            return self._quick[which](*numbers)
        except (ArithmeticError, ValueError):
            return self._exact[which](*numbers)


class _Writer:
    """Writes the statements; `division` is the operator for it, None for the exact function."""

    def __init__(self, graph: Graph, names: Sequence[str], division: str | None) -> None:
        self.graph, self.division = graph, division
        self.functions_by_name: dict[str, Callable[..., float]] = {}
        self.places = needed(graph)
        leaves = [i for i, node in enumerate(graph.nodes) if node.kind == "parameter"]
        draws = [i for i, node in enumerate(graph.nodes) if node.kind == "random"]
        self.names = {i: f"parameter{n}" for n, i in enumerate(leaves)}
        self.names |= {i: f"draw{n}" for n, i in enumerate(draws)}
        self.arguments = {}
        for i, node in enumerate(graph.nodes):
            if node.kind == "input":
                self.names[i] = f"given_{names[node.content[0]]}"
                self.arguments[node.content[0]] = i
            elif node.kind == "constant":
                self.names[i] = f"({node.content!r})"
        given = [f"given_{name}" for name in names]
        self.parameters = ", ".join([*given, *[self.names[i] for i in [*leaves, *draws]]])
        self.count = len(names)

    # ----------------------------------------------------------------------- the source

    def text(self) -> str:
        forward = self._forward()
        (output,) = self.graph.outputs
        result = f"float({self.names[output]})"
        backward, gradients = self._backward(output)
        return "\n".join(
            [
                f"def value({self.parameters}):",
                *[f"    {line}" for line in forward],
                f"    return {result}",
                "",
                f"def value_and_gradient({self.parameters}):",
                *[f"    {line}" for line in [*forward, *backward]],
                f"    return {result}, ({', '.join(gradients)},)",
                "",
            ]
        )

    def functions(self, text: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
        names: dict[str, Any] = {"inf": float("inf"), "nan": float("nan")}
        names |= self.functions_by_name
        exec(compile(text, "<compiled function of numbers>", "exec"), names)
        return names["value"], names["value_and_gradient"]

    def _forward(self) -> list[str]:
        lines = []
        for i in self.places:
            node = self.graph.nodes[i]
            if node.kind == "operation":
                assert node.op is not None
                self.names[i] = f"v{i}"
                lines.append(
                    f"v{i} = {self._call(node.op, [self.names[k] for k in node.operands])}"
                )
        return lines

    def _backward(self, output: int) -> tuple[list[str], list[str]]:
        lines: list[str] = []
        contributions: dict[int, list[str]] = {output: ["1.0"]}
        needs = self._depends_on_arguments()
        for i in reversed(self.places):
            if i not in contributions or i not in needs:
                continue
            node = self.graph.nodes[i]
            if node.kind == "operation" or len(contributions[i]) > 1:
                self._add(f"g{i}", contributions[i], lines)
                contributions[i] = [f"g{i}"]
            (gradient,) = contributions[i]
            if node.kind == "operation":
                self._chain(i, node, gradient, needs, contributions, lines)
        gradients = []
        for number in range(self.count):
            place = self.arguments.get(number, -1)
            gradients.append(f"{contributions.get(place, ['0.0'])[0]} * 1.0")
        return lines, gradients

    def _add(self, name: str, terms: list[str], lines: list[str]) -> None:
        for start in range(0, len(terms), _TERMS):
            part = terms[start : start + _TERMS]
            lines.append(f"{name} = {' + '.join([name, *part] if start else part)}")

    def _depends_on_arguments(self) -> set[int]:
        needs: set[int] = set(self.arguments.values())
        for i in self.places:
            if not needs.isdisjoint(self.graph.nodes[i].operands):
                needs.add(i)
        return needs

    def _chain(
        self,
        i: int,
        node: Node,
        gradient: str,
        needs: set[int],
        contributions: dict[int, list[str]],
        lines: list[str],
    ) -> None:
        assert node.op is not None
        if node.op is ops.pick:
            *places, index = node.operands
            for n, k in enumerate(places):
                chosen = f"({gradient} if {self.names[index]} == {n} else 0.0)"
                contributions.setdefault(k, []).append(chosen)
            return
        wanted = tuple(
            k in needs and not node.op.is_flat_in(n) for n, k in enumerate(node.operands)
        )
        rule = partials_rule(node.op, wanted)
        names = self._rule(i, rule, [*[self.names[k] for k in node.operands], self.names[i]], lines)
        operands = [k for k, is_wanted in zip(node.operands, wanted, strict=True) if is_wanted]
        for k, output in zip(operands, rule.outputs, strict=True):
            partial = rule.nodes[output]
            number = partial.content if partial.kind == "constant" else None
            if number == 0.0:
                contribution = "0.0"
            elif number == 1.0:
                contribution = gradient
            elif number == -1.0:
                contribution = f"-{gradient}"
            else:
                contribution = f"{gradient} * {names[output]}"
            contributions.setdefault(k, []).append(contribution)

    def _rule(self, i: int, rule: Graph, leaves: list[str], lines: list[str]) -> dict[int, str]:
        """Emit the partials of node `i`; the names of the rule's nodes."""
        names: dict[int, str] = {}
        for k in needed(rule):
            node = rule.nodes[k]
            if node.kind == "input":
                names[k] = leaves[node.content]
            elif node.kind == "constant":
                names[k] = f"({node.content!r})"
            else:
                assert node.op is not None
                names[k] = f"p{i}_{k}"
                lines.append(
                    f"{names[k]} = {self._call(node.op, [names[o] for o in node.operands])}"
                )
        return names

    def _call(self, op: Operation, operands: list[str]) -> str:
        quick = self.division is not None
        if op in _ARITHMETIC or (quick and (op in _COMPARISONS or op is ops.divide)):
            return f"{operands[0]} {op.symbol} {operands[1]}"
        if op is ops.negate:
            return f"-{operands[0]}"
        forward = getattr(op.forward, "quick", op.forward) if quick else op.forward
        return f"{self._function(op.name, forward)}({', '.join(operands)})"

    def _function(self, name: str, function: Callable[..., float]) -> str:
        """The name of a function in the source; only the table's are called as they are."""
        if name not in ops.TABLE or self.functions_by_name.get(name, function) is not function:
            name = next(
                (known for known, it in self.functions_by_name.items() if it == function),
                f"function{len(self.functions_by_name)}_{identifier(name)}",
            )
        self.functions_by_name[name] = function
        return name

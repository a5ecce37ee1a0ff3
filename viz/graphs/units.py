"""Neurons, found in a graph by what they compute: a weighted sum, and functions of it.

No class is asked for, so a neuron that a person wrote out, `(w1 * x1 + w2 * x2 + b).tanh()`, is
one like those of `nn`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograd import Operation, Value
from viz.graphs.selection import operands


@dataclass(slots=True)
class Unit:
    """A neuron.

    Attributes:
        name: the path that its parameters share, as "layers.0.neurons.1"; else its label.
        nodes: its operations, and the parameters and constants that only it uses.
        output: the last of its operations.
        sum: the weighted sum, before the functions.
        weights: the inputs and what each is multiplied with, in order.
        biases: what is added besides.
        functions: what is done to the sum, in order; mostly one, the activation.
    """

    name: str
    nodes: list[Value]
    output: Value
    sum: Value
    weights: list[tuple[Value, Value]]
    biases: list[Value]
    functions: list[Operation]


@dataclass(slots=True)
class _Sum:
    """A weighted sum, or a part of one, and the functions of it that were found so far."""

    operations: list[Value]
    weights: list[tuple[Value, Value]] = field(default_factory=list)
    biases: list[Value] = field(default_factory=list)
    functions: list[Value] = field(default_factory=list)


def units(values: Sequence[Value]) -> list[Unit]:
    """The neurons among nodes that come in topological order, in that order.

    A neuron is a `dot`, or products and their sum, in which one factor of each product is a
    parameter; then come functions of that sum alone, within the same scope. In a graph without
    parameters leaves that are used once are taken for them, those that are called w... first.

    >>> w, x, b = Value(2.0, label="w"), Value(3.0, label="x"), Value(1.0, label="b")
    >>> s = w * x + b
    >>> y = s.tanh()
    >>> [unit] = units([w, x, b, *s.operands[:1], s, y])
    >>> [weight.label for _, weight in unit.weights], [f.name for f in unit.functions]
    (['w'], ['tanh'])
    """
    return _Search(values).found()


class _Search:
    """One pass over the nodes: what each is a sum of is known when its users come."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = values
        self.uses = Counter(operand for value in values for operand in operands(value))
        self.trained = any(_kind(value) == "parameter" for value in values)
        self.sums: dict[Value, _Sum] = {}

    def found(self) -> list[Unit]:
        for value in self.values:
            if operands(value):
                self._look_at(value)
        place = {value: i for i, value in enumerate(self.values)}
        finished = [(value, s) for value, s in self.sums.items() if _is_neuron(s)]
        return [self._unit(i, value, s, place) for i, (value, s) in enumerate(finished)]

    def _look_at(self, value: Value) -> None:
        assert value.op is not None
        match value.op.name:
            case "dot":
                found = self._dot(value)
            case "multiply":
                found = self._product(value)
            case "add" | "total":
                found = self._sum(value, value.operands)
            case _:
                found = self._function(value)
        if found:
            for part in found.operations + found.functions:
                self.sums.pop(part, None)
            self.sums[value] = found

    def _dot(self, value: Value) -> _Sum | None:
        half = len(value.operands) // 2
        lefts, rights = value.operands[:half], value.operands[half : 2 * half]
        weights = self._weights(list(zip(lefts, rights, strict=True)))
        if weights is None:
            return None
        found = _Sum([value], weights)
        return found if self._add(found, value.operands[2 * half :], value) else None

    def _product(self, value: Value) -> _Sum | None:
        left, right = value.operands
        weights = self._weights([(left, right)])
        return _Sum([value], weights) if weights else None

    def _sum(self, value: Value, terms: Iterable[Value]) -> _Sum | None:
        found = _Sum([])
        if not self._add(found, terms, value) or not found.weights:
            return None
        found.operations.append(value)
        return found

    def _add(self, found: _Sum, terms: Iterable[Value], value: Value) -> bool:
        """Take up what a node adds, if each term is a bias or a part of the weighted sum."""
        inner: list[Value] = []
        for term in terms:
            part = self.sums.get(term)
            if part and not part.functions and self._goes_on(term, value):
                inner += part.operations
                found.weights += part.weights
                found.biases += part.biases
            elif _kind(term) in ("parameter", "constant") or self._is_leaf(term):
                found.biases.append(term)
            else:
                return False
        found.operations[:0] = inner
        return True

    def _function(self, value: Value) -> _Sum | None:
        assert value.op is not None
        variables = [x for x in value.operands if _kind(x) != "constant"]
        # Named functions only: `y - 1` or `y ** 2` are no activations.
        if len(variables) != 1 or not value.op.symbol[:1].isalpha():
            return None
        before = self.sums.get(variables[0])
        if before is None or not _is_neuron(before) or not self._goes_on(variables[0], value):
            return None
        return _Sum(before.operations, before.weights, before.biases, [*before.functions, value])

    def _goes_on(self, part: Value, value: Value) -> bool:
        """Whether the node is for nothing but this one, and not left behind with its scope."""
        return self.uses[part] == 1 and not _is_inside(part.scope, value.scope)

    def _weights(self, pairs: list[tuple[Value, Value]]) -> list[tuple[Value, Value]] | None:
        """Inputs and weights; the weights are the same side's of all pairs, if they can be."""
        sides = [pairs, [(right, left) for left, right in pairs]]
        fitting = [side for side in sides if all(self._is_weight(w, x) for w, x in side)]
        if not fitting:
            return None
        named = [s for s in fitting if all(str(w.label)[:1] in ("w", "W") for w, _ in s)]
        return [(x, w) for w, x in (named or fitting)[0]]

    def _is_weight(self, weight: Value, x: Value) -> bool:
        if weight is x:
            return False
        if self.trained:
            return _kind(weight) == "parameter" and _kind(x) != "parameter"
        return self._is_leaf(weight) and _kind(x) != "constant"

    def _is_leaf(self, value: Value) -> bool:
        """Whether it may be a weight or a bias where there are no parameters."""
        return not self.trained and _kind(value) == "input" and self.uses[value] == 1

    def _unit(self, i: int, output: Value, found: _Sum, place: dict[Value, int]) -> Unit:
        parameters = [*(weight for _, weight in found.weights), *found.biases]
        own = Counter(parameters)
        nodes = [x for x, uses in own.items() if uses == self.uses[x] and x in place]
        nodes += found.operations + found.functions
        return Unit(
            name=_name(parameters, output, f"neuron {i}"),
            nodes=sorted(nodes, key=place.__getitem__),
            output=output,
            sum=found.operations[-1],
            weights=found.weights,
            biases=found.biases,
            functions=[node.op for node in found.functions if node.op],
        )


def _kind(value: Value) -> str:
    """Also of a vector of parameters, which is a leaf but no Value."""
    return getattr(value, "kind", "vector")


def _is_inside(scope: str, outer: str) -> bool:
    return scope.startswith(f"{outer}.") if outer else bool(scope)


def _is_neuron(found: _Sum) -> bool:
    """Whether there is enough of it: a product by itself is one with a parameter and an input."""
    if found.operations[-1].op and found.operations[-1].op.name == "dot":
        return True
    if len(found.weights) + len(found.biases) > 1:
        return True
    ((x, weight),) = found.weights
    return _kind(weight) == "parameter" and _kind(x) != "constant"


def _name(parameters: Iterable[Value], output: Value, otherwise: str) -> str:
    paths = [str(x.label).split(".") for x in parameters if _kind(x) == "parameter"]
    shared = []
    for parts in zip(*(path[:-1] if len(paths) > 1 else path for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    # A vector's name is said by all its elements, "weights", and is not the neuron's.
    while shared and shared[-1] in ("weights", "bias"):
        shared.pop()
    return ".".join(shared) or str(output.label) or otherwise

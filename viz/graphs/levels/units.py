"""Neurons, found in a graph by what they compute: a weighted sum, and functions of it.

No class is asked for, so a neuron that a person wrote out, `(w1 * x1 + w2 * x2 + b).tanh()`, is
one like those of `nn`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from autograd import Operation, Value
from viz.graphs.picture import LEAVES
from viz.graphs.selection import counted_uses, operands


@dataclass(slots=True)
class Unit:
    """A neuron.

    Attributes:
        name: the path that its parameters share, as "layers.0.neurons.1"; else its label.
        nodes: its operations, and the parameters and constants that only it uses.
        output: the last of its operations.
        sum: the weighted sum, before the functions.
        inputs: what it looks at, in order.
        factors: what each input is multiplied with.
        biases: what is added besides.
        functions: what is done to the sum, in order; mostly one, the activation.
    """

    name: str
    nodes: list[Value]
    output: Value
    sum: Value
    inputs: list[Value]
    factors: list[Value]
    biases: list[Value]
    functions: list[Operation]

    @property
    def weights(self) -> list[tuple[Value, Value]]:
        """The inputs, each with its factor."""
        return list(zip(self.inputs, self.factors, strict=True))


@dataclass(slots=True)
class _Sum:
    """A weighted sum, or a part of one, and the functions of it that were found so far."""

    operations: list[Value]
    inputs: list[Value] = field(default_factory=list)
    factors: list[Value] = field(default_factory=list)
    biases: list[Value] = field(default_factory=list)
    functions: list[Value] = field(default_factory=list)


def units(values: Sequence[Value], roots: Iterable[Value] = ()) -> list[Unit]:
    """The neurons among nodes that come in topological order, in that order.

    A neuron is a `dot`, or products and their sum, in which one factor of each product is a
    parameter; then come functions of that sum alone, within the same scope. In a graph without
    parameters leaves that are used once are taken for them, those that are called w... first.

    Parameters:
        roots: nodes that were asked for, and so are inside of none.

    >>> w, x, b = Value(2.0, label="w"), Value(3.0, label="x"), Value(1.0, label="b")
    >>> s = w * x + b
    >>> y = s.tanh()
    >>> [unit] = units([w, x, b, *s.operands[:1], s, y])
    >>> [weight.label for _, weight in unit.weights], [f.name for f in unit.functions]
    (['w'], ['tanh'])
    """
    return _Search(values, roots).found()


class _Search:
    """One pass over the nodes: what each is a sum of is known when its users come."""

    def __init__(self, values: Sequence[Value], roots: Iterable[Value]) -> None:
        self.values = values
        self.uses = counted_uses(values, roots)
        kinds = {kind: {x for x in values if _kind(x) == kind} for kind in LEAVES}
        if kinds["parameter"]:
            self.factors, self.never_inputs = kinds["parameter"], kinds["parameter"]
        else:
            once = {x for x in kinds["input"] if self.uses[x] == 1}
            self.factors, self.never_inputs = once, kinds["constant"]
        self.sums: dict[Value, _Sum] = {}
        self.names: dict[tuple[Value, ...], str] = {}

    def found(self) -> list[Unit]:
        for value in self.values:
            if operands(value) and value.op:
                self._look_at(value, value.op.name)
        place = {value: i for i, value in enumerate(self.values)}
        finished = [(value, s) for value, s in self.sums.items() if _is_neuron(s)]
        finished = [(value, s) for value, s in finished if s.functions or not _is_scaled(s)]
        return [self._unit(i, value, s, place) for i, (value, s) in enumerate(finished)]

    def _look_at(self, value: Value, operation: str) -> None:
        match operation:
            case "dot":
                found = self._dot(value)
            case "multiply":
                found = self._products(value, value.operands[:1], value.operands[1:])
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
        given = value.operands
        found = self._products(value, given[:half], given[half : 2 * half])
        return found if found and self._add(found, given[2 * half :], value) else None

    def _sum(self, value: Value, terms: Iterable[Value]) -> _Sum | None:
        found = _Sum([])
        if not self._add(found, terms, value) or not found.inputs:
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
                found.inputs += part.inputs
                found.factors += part.factors
                found.biases += part.biases
            elif term in self.factors or _kind(term) == "constant":
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
        return replace(before, functions=[*before.functions, value])

    def _goes_on(self, part: Value, value: Value) -> bool:
        """Whether the node is for nothing but this one, and not left behind with its scope."""
        return self.uses[part] == 1 and not _is_inside(part.scope, value.scope)

    def _products(
        self, value: Value, lefts: tuple[Value, ...], rights: tuple[Value, ...]
    ) -> _Sum | None:
        """A sum of products, if the factors on one side can be weights."""
        fitting = [
            (factors, inputs)
            for factors, inputs in ((lefts, rights), (rights, lefts))
            if self.factors.issuperset(factors) and self.never_inputs.isdisjoint(inputs)
        ]
        if len(fitting) > 1:
            fitting.sort(key=lambda side: not all(_is_named_w(factor) for factor in side[0]))
        return next((_Sum([value], [*xs], [*factors]) for factors, xs in fitting), None)

    def _unit(self, i: int, output: Value, found: _Sum, place: dict[Value, int]) -> Unit:
        parameters = (*found.factors, *found.biases)
        nodes = found.operations + found.functions
        if parameters not in self.names:
            # If there is one more neuron with the same parameters, they are used more often.
            self.names[parameters] = _path(parameters)
            own = Counter(parameters)
            nodes += [x for x, uses in own.items() if uses == self.uses[x] and x in place]
        return Unit(
            name=self.names[parameters] or str(output.label) or f"neuron {i}",
            nodes=sorted(nodes, key=place.__getitem__),
            output=output,
            sum=found.operations[-1],
            inputs=found.inputs,
            factors=found.factors,
            biases=found.biases,
            functions=[node.op for node in found.functions if node.op],
        )


def _is_named_w(weight: Value) -> bool:
    return str(weight.label)[:1] in ("w", "W")


def _kind(value: Value) -> str:
    """Also of a vector of parameters, which is a leaf but no Value."""
    return getattr(value, "kind", "vector")


def _is_inside(scope: str, outer: str) -> bool:
    return scope.startswith(f"{outer}.") if outer else bool(scope)


def _is_neuron(found: _Sum) -> bool:
    """Whether there is enough of it: a product by itself is one with a parameter and an input."""
    if found.operations[-1].op and found.operations[-1].op.name == "dot":
        return True
    if len(found.inputs) + len(found.biases) > 1:
        return True
    return _kind(found.factors[0]) == "parameter" and _kind(found.inputs[0]) != "constant"


def _is_scaled(found: _Sum) -> bool:
    """Whether it is one input times one number: without a function of that no weighted sum."""
    op = found.operations[-1].op
    return len(found.inputs) + len(found.biases) == 1 and op is not None and op.name != "dot"


def _path(parameters: Iterable[Value]) -> str:
    return shared_path([str(x.label) for x in parameters if _kind(x) == "parameter"])


def shared_path(paths: Sequence[str]) -> str:
    """The path that all of these begin with, without what lists of parameters are called.

    >>> shared_path(["layers.0.weights.0", "layers.0.weights.1"]), shared_path(["w1", "w2"])
    ('layers.0', '')
    """
    parts = [path.split(".")[:-1] for path in paths]
    shared = []
    for at_one_place in zip(*parts, strict=False):
        if len(set(at_one_place)) > 1:
            break
        shared.append(at_one_place[0])
    while shared and shared[-1] in ("weights", "neurons"):
        shared.pop()
    return ".".join(shared)

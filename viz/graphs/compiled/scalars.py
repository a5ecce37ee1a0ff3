"""A recorded function as groups of scalars: what was written for one example.

Neurons that became rows of the same matrices are one group, and so are other operations that
became one instruction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograd import Value, constant
from autograd.compiler.graph import Graph, Node, needed
from autograd.value import Kind
from viz.graphs.compiled.listing import Listing
from viz.graphs.levels.units import Unit, units

FEW = 2  # neurons that are drawn one by one


@dataclass(slots=True)
class Group:
    """Scalars that are drawn as one.

    Attributes:
        nodes: their places in the recorded graph.
        makers: the numbers of the instructions that they became.
        title: what they are called.
        formula: what each of them is.
        times: how many alike there are.
        is_argument: whether they come from outside: an argument's numbers, or random ones.
        reads: the numbers of the groups that they are computed from.
    """

    nodes: list[int]
    makers: list[int]
    title: str
    formula: str = ""
    times: int = 1
    is_argument: bool = False
    reads: list[int] = field(default_factory=list)


def grouped(graph: Graph, makers: Sequence[int], listing: Listing) -> list[Group]:
    """The groups of a recorded graph, operands before results.

    Parameters:
        makers: for each node the number of the instruction that computes it, or -1.
        listing: the program, which says where arguments and random numbers come in.

    >>> from autograd import Value, compiled
    >>> w = Value(2.0, label="w")
    >>> f = compiled(lambda x: [(w * x[0]).tanh(), x[1].tanh()])
    >>> _ = f([[1.0, 2.0]])
    >>> [(group.title, group.times) for group in grouped(f.graph, f.program.makers, Listing(f))]
    [('x', 1), ('neuron 0', 1), ('tanh', 1)]
    """
    owners = _owners(graph, makers)
    leaves = [*_arguments(graph, listing.arrivals), *_draws(graph, listing.draws)]
    rest = {i: node for i, node in enumerate(graph.nodes) if node.op and owners[i] >= 0}
    found = _neurons(graph, owners)
    for group in found:
        for i in group.nodes:
            rest.pop(i, None)
    found += _instructions(rest, owners, makers)
    groups = sorted(leaves, key=lambda group: group.makers)
    groups += sorted(found, key=lambda group: group.nodes[-1])
    _connect(groups, graph)
    return groups


def _owners(graph: Graph, makers: Sequence[int]) -> list[int]:
    """The instruction of each operation; what is only a part of a sum has that of the sum."""
    owners, alive = [-1] * len(graph.nodes), needed(graph)
    for i in reversed(alive):
        owners[i] = makers[i] if makers[i] >= 0 else owners[i]
        for k in graph.nodes[i].operands:
            owners[k] = max(owners[k], owners[i]) if owners[k] < 0 else owners[k]
    return owners


def _arguments(graph: Graph, arrivals: Sequence[int]) -> Iterator[Group]:
    for number, argument in enumerate(graph.arguments):
        nodes = [
            i
            for i, node in enumerate(graph.nodes)
            if node.kind == "input" and node.content[0] == number
        ]
        count = len(nodes)
        numbers = f"{count:,} number{'' if count == 1 else 's'}"
        yield Group(nodes, [arrivals[number]], argument.name, numbers, is_argument=True)


def _draws(graph: Graph, draws: Sequence[tuple[int, object]]) -> Iterator[Group]:
    for number, generator in draws:
        nodes = [i for i, node in enumerate(graph.nodes) if node.content is generator]
        text = f"{len(nodes):,} number{'' if len(nodes) == 1 else 's'}"
        yield Group(nodes, [number], "random", text, is_argument=True)


def _neurons(graph: Graph, owners: Sequence[int]) -> list[Group]:
    if not any(node.kind == "parameter" for node in graph.nodes):
        return []  # Elsewhere inputs are taken for weights then, and here they are inputs.
    values = _as_values(graph)
    places = {value: i for i, value in enumerate(values)}
    families: dict[tuple[object, ...], list[tuple[Unit, list[int]]]] = {}
    for unit in units(values):
        nodes = [places[x] for x in unit.nodes if x.operands]
        key = (*sorted({owners[i] for i in nodes}), _formula(unit))
        if owners[nodes[-1]] >= 0:
            families.setdefault(key, []).append((unit, nodes))
    groups = []
    for family in families.values():
        parts = [[member] for member in family] if len(family) <= FEW else [family]
        groups += [_family(part, owners) for part in parts]
    return groups


def _family(family: Sequence[tuple[Unit, list[int]]], owners: Sequence[int]) -> Group:
    nodes = sorted(i for _, own in family for i in own)
    makers = sorted({owners[i] for i in nodes})
    return Group(nodes, makers, _shared([u.name for u, _ in family]), _formula(family[0][0]),
                 len(family))  # fmt: skip


def _shared(names: Sequence[str]) -> str:
    """The path that some names have in common."""
    shared = []
    for parts in zip(*(name.split(".") for name in names), strict=False):
        if len({*parts}) > 1:
            break
        shared.append(parts[0])
    return ".".join(shared)


def _formula(unit: Unit) -> str:
    """As `relu(w · x + b)`; the 0 that Python's `sum` begins with is no bias."""
    has_bias = any(x.kind == "parameter" or x.data for x in unit.biases)
    text = "w · x + b" if has_bias else "w · x"
    for function in unit.functions:
        text = f"{function.symbol}({text})"
    return text


def _instructions(
    nodes: Mapping[int, Node], owners: Sequence[int], makers: Sequence[int]
) -> list[Group]:
    """All other operations: those that became one instruction are a group."""
    found: dict[int, list[int]] = {}
    for i in nodes:
        found.setdefault(owners[i], []).append(i)
    groups = []
    for owner, members in found.items():
        names = dict.fromkeys(op.name for i in members if (op := nodes[i].op))
        results = sum(makers[i] == owner for i in members)
        groups.append(Group(members, [owner], ", ".join(names), times=results))
    return groups


def _connect(groups: Sequence[Group], graph: Graph) -> None:
    home = {i: number for number, group in enumerate(groups) for i in group.nodes}
    for number, group in enumerate(groups):
        read = {home.get(k, number) for i in group.nodes for k in graph.nodes[i].operands}
        group.reads = sorted(read - {number})


class _Captured(Value):
    """What a function reads from outside, in which neurons find their weights."""

    __slots__ = ()
    kind: Kind = "parameter"


def _as_values(graph: Graph) -> list[Value]:
    """The recorded graph as Values without numbers, in which neurons can be found."""
    values: list[Value] = []
    for node in graph.nodes:
        if node.kind == "parameter":
            values.append(_Captured(0.0, str(node.content.label)))
        elif node.kind == "constant":
            values.append(constant(node.content))
        else:
            value = Value(0.0)
            if node.op is not None:
                operands = [values[k] for k in node.operands]
                value.op, value.scope = node.op, node.scope
                value._edges = (*operands, *[1.0] * len(operands))
            values.append(value)
    return values

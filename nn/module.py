"""Module: anything that has parameters, found by looking at its attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd.origin import belongs_to_library
from autograd.structure import flatten
from autograd.value import Value
from autograd.watching import Watched
from nn.parameter import Parameter, ParameterVector

belongs_to_library("nn")


class Module(Watched):
    """The base of networks: its parameters are those of its attributes, in order of definition.

    An attribute can be a `Parameter`, a `Module`, or a list or dict of such.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Parameter(2.0), Parameter(1.0)
    ...
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).data
    7.0
    >>> [name for name, _ in line.named_parameters()]
    ['slope', 'offset']
    """

    def parameters(self) -> list[Value]:
        """All parameters, each once, in the order of definition."""
        return [parameter for _, parameter in self.named_parameters()]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their dotted names, as "layers.0.neurons.3.weights.1"."""
        names: dict[Value, str] = {}
        for name, parameter in _walk("", vars(self)):
            names.setdefault(parameter, name)
        return [(name, parameter) for parameter, name in names.items()]

    def zero_grad(self) -> None:
        """Set all gradients to zero, before the next `backward()` adds to them."""
        for parameter in self.parameters():
            parameter.forget_grad()

    def state_dict(self) -> dict[str, NDArray[np.float64]]:
        """Copies of all numbers: an array for each parameter or list of parameters, by name.

        >>> from nn import MLP
        >>> {name: a.shape for name, a in MLP(2, [1]).state_dict().items()}
        {'layers.0.neurons.0.weights': (2,), 'layers.0.neurons.0.bias': ()}
        """
        return {
            name: np.array([p.data for p in flatten(group)]).reshape(np.shape(group))
            for name, group in self._groups()
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over numbers that `state_dict()` of a module of the same shape gave.

        Raises:
            ValueError: a name is missing or unknown, or a shape differs. Nothing has changed then.
        """
        groups = dict(self._groups())
        if missing := groups.keys() - state.keys():
            raise ValueError(f"the state has nothing for {', '.join(sorted(missing))}")
        if unknown := state.keys() - groups.keys():
            raise ValueError(f"this module has no {', '.join(sorted(unknown))}")
        numbers: list[float] = []
        for name, group in groups.items():
            given = np.asarray(state[name], dtype=np.float64)
            if given.shape != np.shape(group):
                raise ValueError(
                    f"{name} has the shape {np.shape(group)}, the state's is {given.shape}"
                )
            numbers += given.ravel().tolist()
        everybody = [p for group in groups.values() for p in flatten(group)]
        if everybody:
            ParameterVector(everybody).assign(np.array(numbers))

    def summary(self) -> str:
        """A table of the parts that have parameters, their shapes and how many there are.

        >>> from nn import MLP
        >>> print(MLP(2, [16, 1]).summary())
        part      shape                   parameters
        layers.0  Layer(2 -> 16, relu)            48
        layers.1  Layer(16 -> 1, linear)          17
        total                                     65
        """
        rows = [("part", "shape", "parameters")]
        for name, part in _parts(vars(self)):
            rows.append((name, repr(part), f"{len(list(_walk('', part))):,}"))
        rows.append(("total", "", f"{len(self.parameters()):,}"))
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        return "\n".join(
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}"
            for name, shape, count in rows
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters()):,} parameters)"

    def _groups(self) -> list[tuple[str, Any]]:
        """Parameters and (nested) lists of nothing but parameters, with their names."""
        return list(_grouped("", vars(self)))


def _children(structure: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(structure, Module):
        structure = vars(structure)
    if isinstance(structure, Mapping):
        for key, child in structure.items():
            yield str(key), child
    elif isinstance(structure, list | tuple):
        for index, child in enumerate(structure):
            yield str(index), child


def _walk(prefix: str, structure: Any) -> Iterator[tuple[str, Parameter]]:
    if isinstance(structure, Parameter):
        yield prefix, structure
    for name, child in _children(structure):
        yield from _walk(f"{prefix}.{name}" if prefix else name, child)


def _grouped(prefix: str, structure: Any) -> Iterator[tuple[str, Any]]:
    leaves = flatten(structure)
    if leaves and all(isinstance(leaf, Parameter) for leaf in leaves):
        yield prefix, structure
        return
    for name, child in _children(structure):
        yield from _grouped(f"{prefix}.{name}" if prefix else name, child)


def _parts(structure: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The modules and parameters directly below, through lists and dicts."""
    for name, child in _children(structure):
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(child, Module | Parameter):
            yield path, child
        else:
            yield from _parts(child, path)

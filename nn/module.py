"""Module: anything that has parameters, found by looking at its attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from autograd.structure import flatten
from autograd.value import Value
from nn.arrays import real_numbers
from nn.contents import HOLDERS, Path, Whole, collect, distinct, grouped, parts_of, paths_of
from nn.mode import Mode
from nn.parameters.parameter import Parameter
from nn.parameters.reading import arrays_of
from nn.parameters.vector import ParameterVector
from nn.passed_by import warn_of
from nn.settings.habits import MODULES, WithHabits


class Module(WithHabits, Whole):
    """The base of networks: its parameters are those of its attributes, in order of definition.

    An attribute can be a `Parameter`, a `Module`, or a list or dict of such; in sets, deques and
    slots none is looked for.

    A parameter is called by the way to it from the outermost module, wherever its name is seen:
    in drawings, `repr`, state and errors. It gets that name as its label when an attribute is set
    or, if it was put into a list later or moved, when the module is asked for its parameters. A
    label that a person gave stays.

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
    >>> line.slope
    Parameter(data=2.0, grad=0.0, label='slope')

    Attributes:
        training: whether it is trained, or used; see `train` and `eval`.
    """

    training = Mode()
    _here = MODULES

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if isinstance(value, HOLDERS):
            for parameter, path in paths_of({name: value}).items():
                label = parameter.label
                # A part's name for it grows; one from elsewhere in this whole, or another, stays.
                if not label or (type(label) is Path and path.endswith(f".{label}")):
                    parameter.label = Path(path)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """The output for one example; a module that is called defines it."""
        way_out = " (forward() is PyTorch's name for it)" if hasattr(self, "forward") else ""
        raise TypeError(
            f"{type(self).__name__} cannot be called: define __call__(self, x), which gives the "
            f"output for one example{way_out}"
        )

    def parameters(self) -> list[Value]:
        """All parameters, each once, in the order of definition.

        Warns:
            UserWarning: there is among the attributes what no optimizer would move: a plain Value
                that is not computed from others, or a parameter in a set or deque.
        """
        passed: dict[Value, str] = {}
        found = [*self._named(passed)]
        if passed:
            warn_of(type(self).__name__, passed)
        return found  # type: ignore[return-value]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """The parameters with their dotted names, as "layers.0.neurons.3.weights.1"."""
        return [(name, parameter) for parameter, name in self._named().items()]

    def zero_grad(self) -> None:
        """Set all gradients to zero, before the next `backward()` adds to them."""
        for parameter in self.parameters():
            parameter.forget_grad()

    def modules(self) -> list[Module]:
        """This module and all within it, each once, in the order of definition.

        >>> from nn import MLP
        >>> [type(module).__name__ for module in MLP(2, [1]).modules()]
        ['MLP', 'Layer', 'Neuron']
        """
        return [module for _, module in self.named_modules()]

    def named_modules(self) -> list[tuple[str, Module]]:
        """The modules with the dotted ways to them, as "layers.0"; its own is empty.

        >>> from nn import MLP
        >>> [name for name, _ in MLP(2, [1]).named_modules()]
        ['', 'layers.0', 'layers.0.neurons.0']
        """
        found: list[tuple[str, Module]] = []
        collect(self, "", found, set())
        return found

    def train(self, training: bool = True) -> Self:
        """Begin to train, in all modules within: what is random, such as dropout, happens.

        >>> from nn import MLP
        >>> MLP(2, [1]).train(False).training
        False
        """
        if not isinstance(training, bool):
            raise TypeError(f"training is True or False, not {training!r:.80}")
        for module in self.modules():
            if module.training is not training:
                module.training = training
        return self

    def eval(self) -> Self:
        """Begin to be used, in all modules within: what is random in training does not happen."""
        return self.train(False)

    def state_dict(self) -> dict[str, NDArray[np.float64]]:
        """Copies of all numbers: an array for each parameter or list of parameters, by name.

        While another thread trains, they are those between two of its steps.

        Raises:
            ValueError: two have one name, as in dicts with the keys 0 and "0".

        >>> from nn import MLP
        >>> {name: a.shape for name, a in MLP(2, [1]).state_dict().items()}
        {'layers.0.neurons.0.weights': (2,), 'layers.0.neurons.0.bias': ()}
        """
        return arrays_of(self._groups())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over numbers that `state_dict()` of a module of the same shape gave.

        Raises:
            ValueError: a name is missing or unknown, or is that of two, or a shape differs.
                Nothing has changed then.
            TypeError: the state is no dict of numbers.
        """
        if not isinstance(state, Mapping):
            raise TypeError(f"the state is the dict that state_dict() gave, not {state!r:.80}")
        groups = self._groups()
        if missing := groups.keys() - state.keys():
            raise ValueError(f"the state has nothing for {_listed(missing)}")
        if unknown := state.keys() - groups.keys():
            raise ValueError(f"this module has no {_listed(unknown)}")
        numbers: dict[Parameter, float] = {}
        for name, group in groups.items():
            given = real_numbers(name, state[name])
            if given.shape != np.shape(group):
                raise ValueError(
                    f"{name} has the shape {np.shape(group)}, the state's is {given.shape}"
                )
            for parameter, number in zip(flatten(group), given.ravel().tolist(), strict=True):
                if numbers.setdefault(parameter, number) != number == number:
                    raise ValueError(
                        f"{name} has the number {number:g} for the parameter {parameter.label}, "
                        f"which stands in several places and has {numbers[parameter]:g} in another"
                    )
        if numbers:
            ParameterVector(numbers).assign(np.array([*numbers.values()]))

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
        for name, part, shape in self._rows():
            rows.append((name, shape, f"{len(paths_of([part])):,}"))
        rows.append(("total", "", f"{len(self.parameters()):,}"))
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        return "\n".join(
            f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}"
            for name, shape, count in rows
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.parameters()):,} parameters)"

    def _named(self, passed: dict[Value, str] | None = None) -> dict[Parameter, str]:
        """The parameters and their names, which are their labels from now on."""
        names = paths_of(self, passed)
        for parameter, name in names.items():
            label = parameter.label
            # A part does not take back the longer name that the whole gave.
            if label != name and (
                not label or (type(label) is Path and not label.endswith(f".{name}"))
            ):
                parameter.label = Path(name)
        return names

    def _rows(self) -> Iterator[tuple[str, Any, str]]:
        """The parts of a summary: the name of each, itself, and how it shows its shape."""
        for name, part in parts_of(self):
            yield name, part, repr(part)

    def _groups(self) -> dict[str, Any]:
        """Parameters and (nested) lists of nothing but parameters, by name."""
        return distinct(grouped(self, "", {id(self)}))


def _listed(names: Set[Any]) -> str:
    """Three of them at most, and how many more there are."""
    shown = sorted(map(str, names))[:3]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(shown) + more

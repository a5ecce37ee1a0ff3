"""The base of optimizers: what they share besides the formula that each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from autograd.value import Value
from nn.optimizers import state
from nn.optimizers.habits import HERE
from nn.optimizers.learning_rate import LearningRate, checked, scheduled
from nn.parameters.theta import Vector
from nn.parameters.vector import ParameterVector
from nn.settings.attributes import refuse_slots
from nn.settings.habits import WithHabits

Change = Callable[[Any, Vector], Vector]
Clipping = Callable[[Vector], Vector]

_borrowing: set[Any] = set()


def borrowing(change: Change) -> Change:
    """Note of a `change` that it keeps nothing of its gradient: it gets that without a copy.

    It holds for this very method, and not for what overrides or wraps it.
    """
    _borrowing.add(change)
    return change


class Optimizer(WithHabits):
    """The base: a subclass says in `change(gradient)` what to add to the parameters.

    It may keep the gradient, which is a copy. What it remembers it keeps in attributes, numbers
    and arrays that are there from the beginning, and gives them new numbers and new arrays instead
    of writing into the old: then `fit` can take back a step that led to infinity, and
    `state_dict()` has all that it takes to go on.

    Parameters:
        parameters: those to train, such as `model.parameters()`.
        learning_rate: a number above 0, or a schedule: a function of the step, counted from 0.
        clipping: a function of the gradient, an array of shape (n,), which gives one of the same
            shape that is used instead, such as `clip_by_norm(1.0)`.

    Attributes:
        learning_rate: as given; may be set anew between steps.
        steps: how many steps were taken; in `change`, how many before this one.
    """

    _here = HERE

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        refuse_slots(cls, "saved, or taken back with a step")

    def __init__(
        self,
        parameters: Iterable[Value],
        learning_rate: LearningRate,
        *,
        clipping: Clipping | None = None,
    ) -> None:
        self.vector = ParameterVector(_checked(parameters))
        if len(self.vector) == 0:
            raise ValueError(
                "there are no parameters to optimize: of its attributes a Module finds those that "
                "are Parameters, and not plain Values"
                + ". An iterator gives its own only once: make it a list"
                * isinstance(parameters, Iterator)
            )
        if clipping is not None and (isinstance(clipping, type) or not callable(clipping)):
            raise TypeError(
                "clipping is a function of the gradient, such as clip_by_norm(1.0), "
                f"not {clipping!r:.80}"
            )
        self.steps = 0
        self.learning_rate = learning_rate
        self.clipping = clipping

    @property
    def learning_rate(self) -> LearningRate:
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: LearningRate) -> None:
        self._learning_rate = checked(learning_rate)

    @property
    def rate(self) -> float:
        """The learning rate of the next step, as a number.

        Raises:
            ValueError: the schedule gives no finite number from 0 on.
        """
        rate = self.learning_rate
        return scheduled(rate, self.steps) if callable(rate) else rate

    def change(self, gradient: Vector) -> Vector:
        """What to add to the parameters, given their gradient; both of shape (n,)."""
        raise NotImplementedError(f"{type(self).__name__} must define change(gradient)")

    def step(self) -> None:
        """Move the parameters by one step; they change all at once."""
        vector, change = self.vector, self.change
        if self.clipping is not None:
            vector.add(change(self._clipped(self.clipping)))
        elif getattr(change, "__func__", None) in _borrowing:
            vector.add(vector.given_grad(change))
        else:
            vector.add(change(vector.grad))
        self.steps += 1

    def _clipped(self, clipping: Clipping) -> Vector:
        clipped = clipping(self.vector.grad)
        if not isinstance(clipped, np.ndarray) or clipped.shape != (len(self.vector),):
            raise ValueError(
                f"clipping makes an array of {len(self.vector)} numbers of a gradient of as many, "
                f"and not {clipped!r:.80}"
            )
        return clipped

    def zero_grad(self) -> None:
        """Set the gradients to zero, before the next `backward()` adds to them."""
        self.vector.forget_grad()

    def __repr__(self) -> str:
        count = len(self.vector)
        shown = {"learning_rate": self.learning_rate} | state.changed_settings(self)
        settings = [f"{name}={setting!r}" for name, setting in shown.items()]
        parameters = f"{count:,} parameter{'s' * (count != 1)}"
        return f"{type(self).__name__}({', '.join([parameters, *settings])})"

    def state_dict(self) -> dict[str, Any]:
        """Copies of what it remembers: `steps`, and numbers and arrays by their names.

        Its settings, such as the learning rate, are not among them.

        >>> from nn import SGD, Parameter
        >>> SGD([Parameter(1.0), Parameter(2.0)]).state_dict()
        {'steps': 0, 'velocity': array([0., 0.])}
        """
        return state.of(self)

    def load_state_dict(self, given: Mapping[str, Any]) -> None:
        """Go on from where another of the same kind and settings was.

        Parameters:
            given: what `state_dict()` of an optimizer of as many parameters gave.

        Raises:
            ValueError, TypeError: a name is missing or unknown, or a shape or kind differs.
                Nothing has changed then.
        """
        vars(self).update(state.checked(self, given))


def _checked(parameters: Any) -> Iterable[Value]:
    if not isinstance(parameters, Iterable) or hasattr(parameters, "parameters"):
        raise TypeError(
            "an optimizer takes a list of parameters, such as model.parameters(), "
            f"not {parameters!r:.80}"
        )
    return parameters

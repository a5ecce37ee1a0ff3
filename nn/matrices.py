"""A layer as matrices: its weights and biases as arrays, and its derivatives in closed form.

With the weights W, shape (out, in), and the biases b a layer gives `f(W x + b)`; entry j, k of W
leads from input k to neuron j.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograd.structure import flatten
from autograd.transforms import derivative
from autograd.value import Value
from nn.parameters.parameter import Parameter
from nn.parameters.reading import array_of
from nn.parameters.vector import ParameterVector

if TYPE_CHECKING:
    from nn.neuron import Layer

Array = NDArray[np.float64]


def numbers_of(values: Any) -> Array:
    """The present numbers of a (nested) list of Values, as an array that cannot be written into.

    >>> numbers_of([[Parameter(1.0), Parameter(2.0)]]).tolist()
    [[1.0, 2.0]]
    """
    array = array_of(values)
    array.flags.writeable = False
    return array


def assign(name: str, parameters: Any, numbers: Any) -> None:
    """Give a (nested) list of Parameters new numbers, all at once or, with an error, none.

    Parameters:
        name: what they are, for messages.
        numbers: of the same shape, finite.

    Raises:
        ValueError, TypeError: the numbers are no such, or the list has others than Parameters.

    >>> w = [Parameter(1.0), Parameter(2.0)]
    >>> assign("weights", w, [3.0, 4.0])
    >>> w[1].data
    4.0
    """
    given = checked(name, numbers, np.shape(parameters)).ravel().tolist()
    new: dict[Parameter, float] = {}
    for parameter, number in zip(flatten(parameters), given, strict=True):
        if not isinstance(parameter, Parameter):
            raise TypeError(f"{name} has {parameter!r:.80} among them, which is no Parameter")
        if new.setdefault(parameter, number) != number:
            raise ValueError(
                f"{name} has the same Parameter {parameter.label!r} in several places, and the "
                f"numbers for it are {new[parameter]} and {number}"
            )
    ParameterVector(new).assign(np.array([*new.values()]))


def checked(name: str, numbers: Any, shape: tuple[int, ...]) -> Array:
    """The numbers as a float64 array.

    Raises:
        ValueError, TypeError: the shape is another, or they are not real and finite numbers.

    >>> checked("biases", [1, 2], (3,))
    Traceback (most recent call last):
    ...
    ValueError: biases have the shape (3,), not (2,)
    """
    if np.ma.is_masked(numbers):
        raise TypeError(f"{name} are a masked array: fill what is masked")
    try:
        given = np.asarray(numbers)
        array = given.astype(np.float64, casting="unsafe" if given.dtype == object else "same_kind")
    except (TypeError, ValueError, OverflowError):
        shown = " ".join(f"{numbers!r:.80}".split())
        raise TypeError(f"{name} are real numbers of shape {shape}, not {shown}") from None
    if array.shape != shape:
        raise ValueError(f"{name} have the shape {shape}, not {array.shape}")
    for place in np.argwhere(~np.isfinite(array))[:1].tolist():
        raise ValueError(f"{name} are finite, and {array[tuple(place)]} came at {place}")
    return array


class LayerJacobian(NamedTuple):
    """The derivatives of a layer's outputs; the first axis is the outputs.

    Attributes:
        inputs: by each input, shape (out, in).
        weights: by each weight, shape (out, out, in): entry i, j, k is the derivative of output i
            by the weight that leads from input k to neuron j.
        biases: by each bias, shape (out, out).
    """

    inputs: Array
    weights: Array
    biases: Array


def layer_jacobian(layer: Layer, xs: Sequence[Value | float]) -> LayerJacobian:
    """The Jacobians of `f(W x + b)` in closed form.

    With D the diagonal matrix of the slopes `f'(W x + b)` they are `D W` by the inputs and D by the
    biases; by the weights of neuron j they are `x` times column j of D.

    Parameters:
        xs: the layer's inputs, `nin` numbers.

    Raises:
        TypeError, ValueError: it is no layer, or one that computes something else, in a class of a
            person's own; or the inputs are no such numbers.

    >>> from nn import Layer
    >>> layer = Layer(2, 1, activation="tanh", initialization=[3.0, -1.0])
    >>> by = layer_jacobian(layer, [0.0, 0.0])
    >>> by.inputs.tolist(), by.weights.tolist(), by.biases.tolist()
    ([[3.0, -1.0]], [[[0.0, 0.0]]], [[1.0]])
    """
    from nn.neuron import Layer  # which is made of matrices

    if not isinstance(layer, Layer):
        raise TypeError(
            f"layer_jacobian() takes a Layer, not {layer!r:.80}: that of several layers is the "
            "product of theirs, by the chain rule"
        )
    _check_formula(layer)
    x = checked("inputs", xs, (layer.nin,))
    W, count = layer.weights, len(layer.neurons)
    each = range(count)
    by_weights = np.zeros((count, count, layer.nin))
    with np.errstate(all="ignore"):  # An infinity is a number like any other, as in operations.
        sums = (W @ x + layer.biases).tolist()
        slopes = np.array([derivative(layer.neurons[j].activate, sums[j]) for j in each])
        by_weights[each, each] = np.outer(slopes, x)
        # Not a product with D, whose zeros would make NaN of another neuron's infinite slope.
        return LayerJacobian(slopes[:, None] * W, by_weights, np.diag(slopes))


def _check_formula(layer: Layer) -> None:
    """Raise a TypeError if a class of a person's own computes something else than `f(W x + b)`."""
    from nn.neuron import Layer, Neuron  # which are made of matrices

    formulas = [(layer, Layer, "__call__"), (layer, Layer, "outputs")]
    for part, kind, name in formulas + [(n, Neuron, "__call__") for n in layer.neurons]:
        if getattr(type(part), name, None) is not getattr(kind, name):
            raise TypeError(
                f"layer_jacobian() knows what a {kind.__name__} computes, and {part!r:.80} is of a "
                f"class that has a {name} of its own: autograd.jacobian(layer, xs) takes any"
            )

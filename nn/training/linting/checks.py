"""What a lint looks for. Each check gives its findings; its limit says why it is where it is.

In the trainings of the demo, of moons and of the GPT, before, during and after, nothing comes near
these limits: a finding is no matter of taste.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from autograd.operations import relu, sigmoid, tanh
from nn.losses import hinge, huber, mae, mse
from nn.training.linting.findings import Finding
from nn.training.linting.layers import THE_MODEL, counted_by_layer, layers_of
from nn.training.linting.observation import Activity, Observation

# Of a layer's neurons: a few that are silent are usual, as some directions are of no use. From
# half of them on the layer is narrower than it was meant to be, for all examples.
_MANY = 0.5
# Of the root mean squares of the gradients at the weighted sums of two layers. They are within a
# factor of 20 in networks that learn, and within 500 in four layers of sigmoids, which still do.
_APART = 1e3
# Root mean square of an input. Standardised ones have 1, pixels from 0 to 16 at most 12; with more
# than this, the first sums are so large that they are saturated, or the first losses enormous.
_LARGE = 30.0

_RANGES = {relu: (0.0, math.inf), sigmoid: (0.0, 1.0), tanh: (-1.0, 1.0)}
_OF_NUMBERS = {mse, mae, huber, hinge}


def check_all(seen: Observation, loss: Any) -> Iterator[Finding]:
    """All findings."""
    yield from unscaled_inputs(seen)
    if not np.isfinite(seen.losses).all():
        yield from losses_not_finite(seen)
        return
    yield from targets_out_of_range(seen, loss)
    yield from unused_parameters(seen)
    blocked = [*gradients_not_finite(seen), *dead_relus(seen), *saturated(seen)]
    yield from blocked
    if not blocked:  # which is why gradients vanish, if they do, or cannot be compared
        yield from gradients_apart(seen)


def unscaled_inputs(seen: Observation) -> Iterator[Finding]:
    """Columns of X that are large, as far as the model computes with them."""
    sizes = np.sqrt(np.mean(np.square(seen.sample.X, dtype=np.float64), axis=0))
    large = (sizes > _LARGE) & seen.computed_with
    if large.any():
        worst = np.unravel_index(np.argmax(np.where(large, sizes, 0.0)), sizes.shape)
        column = f"X[{', '.join([':', *map(str, worst)])}]"
        yield Finding(
            "inputs that are not scaled",
            "X",
            float(sizes[worst]),
            f"{large.sum():,} of {large.size:,} columns are large: the root mean square of "
            f"{column} is {sizes[worst]:,.4g}, and of a standardised one 1",
            "Scale them: scaler = StandardScaler().fit(X), and scaler.transform(X) everywhere",
        )


def losses_not_finite(seen: Observation) -> Iterator[Finding]:
    """Examples whose loss is NaN or infinite."""
    wrong = int((~np.isfinite(seen.losses)).sum())
    yield Finding(
        "losses that are not finite",
        THE_MODEL,
        wrong / len(seen.losses),
        f"the loss of {wrong:,} of {len(seen.losses):,} examples is NaN or infinite",
        "autograd.detect_anomaly() stops where it begins",
    )


def gradients_not_finite(seen: Observation) -> Iterator[Finding]:
    """Parameters to which a gradient comes that is NaN or infinite, though no loss is."""
    wrong = [slope for slope in seen.sums.values() if not math.isfinite(slope)]
    if wrong:
        yield Finding(
            "gradients that are not finite",
            THE_MODEL,
            len(wrong) / len(seen.sums),
            f"those of {len(wrong):,} of {len(seen.sums):,} parameters are NaN or infinite, and no "
            "loss is",
            "autograd.detect_anomaly() stops where it begins, in backward()",
        )


def targets_out_of_range(seen: Observation, loss: Any) -> Iterator[Finding]:
    """Targets that no output can come to, because of what the model does last."""
    while isinstance(loss, partial):
        loss = loss.func
    if len(seen.last) != 1 or loss not in _OF_NUMBERS:
        return
    (op,) = seen.last
    low, high = _RANGES.get(op, (-math.inf, math.inf)) if op else (-math.inf, math.inf)
    y = np.asarray(seen.sample.y)
    share = float(np.mean((y < low) | (y > high)))
    if op and share:
        yield Finding(
            "targets out of reach",
            "y",
            share,
            f"{share:.0%} of the targets are not from {low:g} to {high:g}, which is where the "
            f"outputs are after the last {op.name}",
            "Let the last layer have no activation (nonlin=False), or scale the targets",
        )


def unused_parameters(seen: Observation) -> Iterator[Finding]:
    """Parameters that no loss depends on: not those whose gradient is zero, but has none."""
    layers = layers_of(seen.owner)
    unused = [parameter for parameter in layers if parameter not in seen.used]
    if not unused:
        return
    sizes = counted_by_layer(layers, layers)
    where = [name for name, count in counted_by_layer(unused, layers).items() if count]
    for name, count in counted_by_layer(unused, layers).items():
        if count and (len(where) < len(sizes) or len(sizes) == 1):
            yield _unused(name, count, sizes[name])
    if len(where) == len(sizes) > 1:
        yield _unused(THE_MODEL, len(unused), len(layers))


def _unused(where: str, count: int, of: int) -> Finding:
    return Finding(
        "parameters no loss depends on",
        where,
        count / of,
        f"no gradient comes to {count:,} of {of:,} parameters, whatever the numbers are",
        "Use the part where the model computes its output, or leave it out; .data, float(), "
        "step and sign let no gradient through",
    )


def dead_relus(seen: Observation) -> Iterator[Finding]:
    """Neurons with a relu that are 0 for all examples, and so learn nothing."""
    for where, dead, of in _neurons(seen, lambda neuron: neuron.op is relu, _is_silent):
        yield Finding(
            "dead relus",
            where,
            dead / of,
            f"{dead:,} of {of:,} are 0 for all {len(seen.losses):,} examples, so that no gradient "
            "comes to their weights",
            "Lower the learning rate, scale the inputs, begin with initialization='he', or take "
            "activation='leaky_relu'",
        )


def saturated(seen: Observation) -> Iterator[Finding]:
    """Neurons with a tanh or sigmoid that are at an end of its range for all examples."""
    for where, flat, of in _neurons(seen, lambda neuron: neuron.op is not relu, _is_flat):
        yield Finding(
            "saturated neurons",
            where,
            flat / of,
            f"{flat:,} of {of:,} are so close to an end of their range, for all "
            f"{len(seen.losses):,} examples, that their slope is below a thousandth of the "
            "steepest",
            "Scale the inputs, or begin with smaller weights, as initialization='glorot' does",
        )


def _is_silent(neuron: Activity) -> bool:
    return neuron.silent == neuron.seen


def _is_flat(neuron: Activity) -> bool:
    return neuron.flat == neuron.seen


def _neurons(seen: Observation, kind: Any, is_wrong: Any) -> Iterator[tuple[str, int, int]]:
    """The layers in which many neurons of a kind are wrong: how many, of how many."""
    layers = layers_of(seen.owner)
    all_of_them, wrong = Counter[str](), Counter[str]()
    for parameters, neuron in seen.neurons.items():
        if kind(neuron):
            layer = layers.get(parameters[0], THE_MODEL)
            all_of_them[layer] += 1
            wrong[layer] += is_wrong(neuron)
    for layer, of in all_of_them.items():
        if wrong[layer] >= _MANY * of:
            yield layer, wrong[layer], of


def gradients_apart(seen: Observation) -> Iterator[Finding]:
    """Layers whose gradients vanish or explode on the way through those after them.

    Of each example's own gradients, because those of all cancel where training has come to an end.
    """
    sizes = sizes_of_gradients(seen)
    moved = {name: size for name, size in sizes.items() if size > 0.0}
    if not moved:
        return
    names = list(moved)
    smallest, largest = min(names, key=moved.__getitem__), max(names, key=moved.__getitem__)
    if moved[largest] < _APART * moved[smallest]:
        return
    if names.index(smallest) < names.index(largest):
        yield Finding(
            "gradients that vanish",
            smallest,
            moved[smallest] / moved[largest],
            f"at its sums their root mean square is {moved[smallest]:.3g}, and in {largest} "
            f"{moved[largest]:.3g}, {moved[largest] / moved[smallest]:.3g} times as much",
            "Take fewer layers, relu or tanh instead of sigmoid with initialization='he' or "
            "'glorot', or LayerNorm between layers",
        )
    else:
        yield Finding(
            "gradients that explode",
            largest,
            moved[largest] / moved[smallest],
            f"at its sums their root mean square is {moved[largest]:.3g}, and in {smallest}, which "
            f"is after it, {moved[smallest]:.3g}",
            "Begin with smaller weights, as initialization='glorot' does, put LayerNorm between "
            "layers, or clip the gradients (clipping=clip_by_norm(1.0))",
        )


def sizes_of_gradients(seen: Observation) -> dict[str, float]:
    """By layer the root mean square of the gradients of its weighted sums, over the examples."""
    layers = layers_of(seen.owner)
    squares = dict.fromkeys(layers.values(), 0.0)
    counts = dict.fromkeys(layers.values(), 0)
    for parameter, (square, count) in seen.slopes.items():
        if parameter in layers:
            squares[layers[parameter]] += square
            counts[layers[parameter]] += count
    return {name: math.sqrt(squares[name] / counts[name]) for name in counts if counts[name]}

"""Checks of how gradients flow: to which parameters, and how large they are on the way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from nn.training.linting.findings import Finding
from nn.training.linting.layers import THE_MODEL, counted_by_layer, kinds_of_layers, layers_of
from nn.training.linting.observation import Observation

# Of the root mean squares of the gradients at the weighted sums of two layers. They are within a
# factor of 20 in networks that learn, and within 500 in four layers of sigmoids, which still do.
_APART = 1e3


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
    """Weighted sums to which a gradient comes that is NaN or infinite, though no loss is."""
    wrong = [size for size, _ in seen.slopes.values() if not math.isfinite(size)]
    if wrong:
        yield Finding(
            "gradients that are not finite",
            THE_MODEL,
            len(wrong) / len(seen.slopes),
            f"those at {len(wrong):,} of {len(seen.slopes):,} places where parameters are used are "
            "NaN or infinite, and no loss is",
            "autograd.detect_anomaly() stops where it begins, in backward()",
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
            yield _unused(seen, name, count, sizes[name])
    if len(where) == len(sizes) > 1:
        yield _unused(seen, THE_MODEL, len(unused), len(layers))


def _unused(seen: Observation, where: str, count: int, of: int) -> Finding:
    return Finding(
        "parameters no loss depends on",
        where,
        count / of,
        f"no gradient, not even one of 0, comes to {count:,} of {of:,} parameters from "
        f"{seen.examples}",
        "Use the part where the model computes its output, or leave it out; .data, float(), "
        "step and sign let no gradient through",
    )


def gradients_apart(seen: Observation) -> Iterator[Finding]:
    """Layers whose gradients vanish or explode on the way through those after them.

    Of each example's own gradients, because those of all cancel where training has come to an end.
    """
    sizes = sizes_of_gradients(seen)
    pairs = [*_comparable(seen, sizes)]
    if not pairs:
        return
    first, then = max(
        pairs, key=lambda pair: abs(math.log(sizes[pair[0]]) - math.log(sizes[pair[1]]))
    )
    if sizes[then] >= _APART * sizes[first]:
        yield Finding(
            "gradients that vanish",
            first,
            sizes[first] / sizes[then],
            f"at its sums their root mean square is {sizes[first]:.3g}, and in {then}, which is "
            f"after it, {sizes[then]:.3g}",
            "Take fewer layers, relu or tanh instead of sigmoid with initialization='he' or "
            "'glorot', or LayerNorm between layers",
        )
    elif sizes[first] >= _APART * sizes[then]:
        yield Finding(
            "gradients that explode",
            first,
            sizes[first] / sizes[then],
            f"at its sums their root mean square is {sizes[first]:.3g}, and in {then}, which is "
            f"after it, {sizes[then]:.3g}",
            "Begin with smaller weights, as initialization='glorot' does, put LayerNorm between "
            "layers, or clip the gradients (clipping=clip_by_norm(1.0))",
        )


def _comparable(seen: Observation, sizes: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Layers of one kind, an earlier and a later one that everything goes through.

    Where there is a way around a layer its gradients may well be small, as behind the factor
    of a residual branch, and those at a factor or a shift are of another scale.
    """
    kinds = kinds_of_layers(seen.owner)
    earlier, bypassed = seen.order
    moved = [name for name in earlier if sizes.get(name) and name not in bypassed]
    for then in moved:
        for first in moved:
            one_way = first in earlier[then] and then not in earlier[first]
            if one_way and kinds[first] is kinds[then]:
                yield first, then


def sizes_of_gradients(seen: Observation) -> dict[str, float]:
    """By layer the root mean square of the gradients of its weighted sums, over the examples."""
    layers = layers_of(seen.owner)
    sizes = dict.fromkeys(layers.values(), 0.0)
    counts = dict.fromkeys(layers.values(), 0)
    for parameter, (size, count) in seen.slopes.items():
        if parameter in layers:
            name = layers[parameter]
            sizes[name] = math.hypot(sizes[name], size)
            counts[name] += count
    return {name: sizes[name] / math.sqrt(counts[name]) for name in counts if counts[name]}

"""Checks of neurons: of those that are the same for all examples, and so learn nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from autograd.operations import relu
from nn.training.linting.findings import Finding
from nn.training.linting.layers import THE_MODEL, layers_of
from nn.training.linting.observation import ENOUGH, Activity, Observation

# Of a layer's neurons: a few that are silent are usual, as some directions are of no use. From
# half of them on the layer is narrower than it was meant to be, for all examples.
_MANY = 0.5

_Rule = Callable[[Activity], bool]


def unchecked(seen: Observation) -> Iterator[str]:
    """Whether there were too few examples to tell."""
    if seen.neurons and len(seen.losses) < ENOUGH:
        yield (
            f"dead relus and saturated neurons, which {seen.examples} cannot tell, as {ENOUGH} do"
        )


def dead_relus(seen: Observation) -> Iterator[Finding]:
    """Neurons with a relu that are 0 for all examples, and so learn nothing."""
    for where, dead, of in _neurons(seen, lambda neuron: neuron.op is relu, _is_silent):
        yield Finding(
            "dead relus",
            where,
            dead / of,
            f"{dead:,} of {of:,} are 0 for all {seen.examples}, so that no gradient comes to their "
            "weights",
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
            f"{flat:,} of {of:,} are so close to an end of their range, for all {seen.examples}, "
            "that their slope is below a thousandth of the steepest",
            "Scale the inputs, or begin with smaller weights, as initialization='glorot' does",
        )


def _is_silent(neuron: Activity) -> bool:
    return neuron.silent == neuron.seen


def _is_flat(neuron: Activity) -> bool:
    return neuron.flat == neuron.seen


def _neurons(seen: Observation, kind: _Rule, is_wrong: _Rule) -> Iterator[tuple[str, int, int]]:
    """The layers in which many neurons of a kind are wrong: how many, of how many.

    Only of neurons that were computed often enough, of which some are not for every example.
    """
    if len(seen.losses) < ENOUGH:
        return
    layers = layers_of(seen.owner)
    all_of_them, wrong = Counter[str](), Counter[str]()
    for weight, neuron in seen.neurons.items():
        if kind(neuron) and neuron.seen >= ENOUGH:
            layer = layers.get(weight, THE_MODEL)
            all_of_them[layer] += 1
            wrong[layer] += is_wrong(neuron)
    for layer, of in all_of_them.items():
        if wrong[layer] >= _MANY * of:
            yield layer, wrong[layer], of

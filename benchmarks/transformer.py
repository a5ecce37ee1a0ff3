"""A small causal transformer, one scalar at a time with us and as batched tensors elsewhere."""

from __future__ import annotations

from typing import Any

from autograd import compiled
from benchmarks.chainrule_networks import Chainrule, LeanChainrule
from benchmarks.chainrule_transformer import Transformer, example_loss
from benchmarks.measuring import Apart, Finding, peer, race, show_times
from benchmarks.networks import LEAN, OURS, SYNCHRONOUS, check_equal
from benchmarks.sequences import SEQUENCES, data, first_numbers
from benchmarks.works import Contestant


def contestants() -> dict[str, Contestant]:
    """All that are installed."""
    x, y = data()
    found: dict[str, Contestant] = {}
    for name, kind in ((OURS, Chainrule), (LEAN, LeanChainrule)):
        model = Transformer(first_numbers())
        found[name] = kind(model, example_loss(model), x, y)
    if peer("torch"):
        from benchmarks.torch_transformer import TorchTransformer

        found["PyTorch"] = TorchTransformer(first_numbers(), x, y)
    if peer("jax"):
        from benchmarks.jax_transformer import JaxTransformer, synchronous_transformer

        found["jax.jit"] = JaxTransformer(first_numbers(), x, y)
        found[SYNCHRONOUS] = Apart(synchronous_transformer, first_numbers(), x, y)
    return found


def run(rounds: int) -> list[Finding]:
    """Measure the transformer's training step."""
    work = f"causal transformer, {SEQUENCES} sequences"
    found = contestants()
    check_equal(found)
    times = race({name: contestant.step for name, contestant in found.items()}, rounds)
    show_times(work, times, OURS)
    bounds: dict[str, Any] = {"PyTorch": {"at_most": 1.0}, "jax.jit": {}, SYNCHRONOUS: {}}
    return [
        Finding(work, f"{ours} / {name}", times.ratio(ours, name), **bound)
        for name, bound in bounds.items()
        if name in found
        for ours in (OURS, LEAN)
    ]


def first_loss() -> float:
    """The loss of a model that is made and compiled for it."""
    loss = compiled(example_loss(Transformer(first_numbers())))
    return loss.mean(*data()).data

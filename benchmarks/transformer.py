"""A small causal transformer, one scalar at a time with us and as batched tensors elsewhere."""

from __future__ import annotations

from math import inf

from autograd.compiler import Backend
from benchmarks.chainrule_networks import OURS, WAYS, Chainrule, example_loss, our_ways
from benchmarks.chainrule_transformer import transformer
from benchmarks.measuring import Apart, Finding, peer, race, show_times
from benchmarks.networks import SYNCHRONOUS, check_equal
from benchmarks.sequences import LAYERS, SEQUENCES, data, first_numbers
from benchmarks.works import Contestant

# Symbols in a sequence, and the share of PyTorch's time that a step may take as a NumPy program.
CONTEXTS = {8: 1.0, 16: 1.2, 32: 1.5}
MACHINE_CODE = {"PyTorch": 0.5, "jax.jit": 1.0, SYNCHRONOUS: 1.0}  # the shares at every context
EAGERLY = 16  # symbols in the sequence that the engine computes without the compiler


def ours(
    context: int,
    kind: type[Chainrule] = Chainrule,
    backend: Backend = "numpy",
    layers: int = LAYERS,
) -> Chainrule:
    """What trains a new model, in one of our ways."""
    model = transformer(first_numbers(context, layers), layers)
    return kind(model, example_loss(model, "cross_entropy"), *data(context), backend)


def eagerly(context: int) -> Chainrule:
    """The same code without the compiler, on one sequence."""
    model = transformer(first_numbers(context))
    x, y = data(context)
    return Chainrule(model, example_loss(model, "cross_entropy"), x[:1], y[:1], backend="eager")


def contestants(context: int) -> dict[str, Contestant]:
    """All that are installed."""
    numbers, (x, y) = first_numbers(context), data(context)
    found: dict[str, Contestant] = {name: ours(context, *WAYS[name]) for name in our_ways()}
    if peer("torch"):
        from benchmarks.torch_transformer import TorchTransformer

        found["PyTorch"] = TorchTransformer(numbers, x, y)
    if peer("jax"):
        from benchmarks.jax_transformer import JaxTransformer, synchronous_transformer

        found["jax.jit"] = JaxTransformer(numbers, x, y)
        found[SYNCHRONOUS] = Apart(synchronous_transformer, numbers, x, y)
    return found


def run(rounds: int) -> list[Finding]:
    """Measure the transformer's training step at each context."""
    findings = [finding for context in CONTEXTS for finding in against_peers(context, rounds)]
    return [*findings, against_eager(EAGERLY, rounds)]


def against_peers(context: int, rounds: int) -> list[Finding]:
    """Our share of the others' times."""
    work = f"causal transformer, {SEQUENCES} sequences of {context}"
    found = contestants(context)
    check_equal(found)
    times = race({name: contestant.step for name, contestant in found.items()}, rounds)
    show_times(work, times, OURS)
    bounds = {"numpy": {"PyTorch": CONTEXTS[context]}, "c": MACHINE_CODE}
    return [
        Finding(work, f"{way} / {name}", times.ratio(way, name), bounds[backend].get(name, inf))
        for name in MACHINE_CODE
        if name in found
        for way, backend in ((way, WAYS[way][1]) for way in our_ways())
    ]


def against_eager(context: int, rounds: int) -> Finding:
    """How many times quicker a sequence is compiled, in its batch, than one node at a time."""
    work = f"causal transformer, one sequence of {context}"
    alone = Apart(eagerly, context)  # Its garbage collector walks nobody else's graph.
    times = race({OURS: ours(context).step, "eager": alone.step}, rounds)
    quicker = SEQUENCES * times.ratio("eager", OURS)
    return Finding(work, "eager / chainrule in a batch", quicker, at_least=800)

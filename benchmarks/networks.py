"""Networks of two or three layers: loss, gradient and SGD update, ours and in other projects."""

from __future__ import annotations

import numpy as np

from benchmarks.chainrule_networks import OURS, WAYS, example_loss, our_ways
from benchmarks.measuring import Apart, Finding, peer, race, show_times
from benchmarks.numpy_networks import numpy_network
from benchmarks.works import RATE, WORKS, Array, Contestant, Matrices, Work

SYNCHRONOUS = "jax.jit, synchronous"  # not handed to a thread of its own, which is its default


def contestants(work: Work) -> dict[str, Contestant]:
    """All that can do the work and are installed, from the same numbers on."""
    x, y = work.data()
    found: dict[str, Contestant] = {}
    for name in our_ways():
        kind, backend = WAYS[name]
        model = work.model()
        found[name] = kind(model, example_loss(model, work.loss), x, y, backend)
    matrices = _matrices(work)
    found["NumPy"] = numpy_network(work, matrices, x, y)
    if peer("jax"):
        from benchmarks.jax_networks import JaxNetwork, synchronous_network

        found["jax.jit"] = JaxNetwork(work, matrices, x, y)
        found[SYNCHRONOUS] = Apart(synchronous_network, work, matrices, x, y)
    if peer("torch"):
        from benchmarks.torch_networks import TorchNetwork

        found["PyTorch"] = TorchNetwork(work, matrices, x, y)
    if "micrograd" in work.at_most and peer("micrograd"):
        from benchmarks.micrograd_networks import MicrogradNetwork

        found["micrograd"] = MicrogradNetwork(work, matrices, x, y)
    return found


def _matrices(work: Work) -> Matrices:
    state = work.model().state_dict()
    return [
        (
            np.array([state[f"layers.{i}.neurons.{k}.weights"] for k in range(nout)]),
            np.array([state[f"layers.{i}.neurons.{k}.bias"] for k in range(nout)]),
        )
        for i, nout in enumerate(work.sizes[1:])
    ]


def check_equal(found: dict[str, Contestant], tolerance: float = 1e-9) -> None:
    """Make one step with each; raise if losses or gradients differ."""
    seen: dict[str, tuple[float, Array]] = {}
    for name, contestant in found.items():
        before = contestant.parameters()
        loss = float(contestant.step())
        seen[name] = loss, (before - contestant.parameters()) / RATE
    loss, gradient = seen[OURS]
    scale = abs(gradient).max()
    for name, (other_loss, other_gradient) in seen.items():
        distance = max(abs(loss - other_loss), abs(gradient - other_gradient).max() / scale)
        if not distance < tolerance:
            raise AssertionError(f"{name} computes something else: off by {distance:.2g}")


def run(rounds: int) -> list[Finding]:
    """Measure every network of the table."""
    findings = []
    for work in WORKS:
        found = contestants(work)
        check_equal(found)
        times = race({name: contestant.step for name, contestant in found.items()}, rounds)
        show_times(str(work), times, OURS)
        for name in [name for name in found if name not in WAYS]:
            for ours in our_ways():
                ratio, share = times.ratio(ours, name), _bound(work, ours, name)
                findings.append(Finding(str(work), f"{ours} / {name}", ratio, share))
    return findings


def _bound(work: Work, ours: str, name: str) -> float:
    """The share of a peer's time that one of our ways may take."""
    if WAYS[ours][1] != "c":
        return work.at_most[name.removesuffix(", synchronous")]
    return work.of_synchronous if name == SYNCHRONOUS else 1.0

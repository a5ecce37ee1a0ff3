"""The engine without the compiler: speed against micrograd, memory, growth, imports."""

from __future__ import annotations

import gc
import os
import random
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from statistics import median
from typing import Any

import nn
from autograd import Value
from benchmarks.measuring import Apart, Finding, peer, race, show_times
from benchmarks.sums import Sums

WORK = "2-16-16-1 relu, 100 moons, loss and backward"
SUMS, MLP = "chainrule, sums of w*x", "chainrule, nn.MLP"
MEGABYTE = 1 << 20


# ------------------------------------------------------------- the step of micrograd's demo


def moons() -> tuple[list[list[float]], list[int]]:
    """100 points and their classes, -1 and 1, from scikit-learn as in micrograd's demo."""
    with suppress(ImportError):
        from sklearn.datasets import make_moons

        x, y = make_moons(n_samples=100, noise=0.1, random_state=0)
        return x.tolist(), (2 * y - 1).tolist()
    data = nn.moons(100, noise=0.1, seed=0)
    return data.X.tolist(), (2 * data.y - 1).tolist()


class Demo:
    """Loss and backward as micrograd's demo writes them."""

    def __init__(self, value_type: Callable[[float], Any], model: Any) -> None:
        self.value_type, self.model = value_type, model
        self.x, self.y = moons()

    def step(self) -> float:
        inputs = [list(map(self.value_type, row)) for row in self.x]
        scores = list(map(self.model, inputs))
        losses = [(1 + -yi * score).relu() for yi, score in zip(self.y, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses))
        self.model.zero_grad()
        loss.backward()
        return loss.data


def contestant(name: str) -> Demo:
    """The same network, from the same random numbers, in each."""
    random.seed(0)  # micrograd draws from the global generator, and so do ours without a seed.
    if name == MLP:
        return Demo(Value, nn.MLP(2, [16, 16, 1]))
    if name == SUMS:
        return Demo(Value, Sums(Value, (2, 16, 16, 1), seed=None))
    from micrograd.engine import Value as PeerValue
    from micrograd.nn import MLP as PeerMLP

    return Demo(PeerValue, PeerMLP(2, [16, 16, 1]))


def against_micrograd(rounds: int) -> list[Finding]:
    names = [SUMS, MLP, *(["micrograd"] if peer("micrograd") else [])]
    found = {name: Apart(contestant, name).step for name in names}
    losses = {name: run() for name, run in found.items()}
    if max(losses.values()) - min(losses.values()) > 1e-9:
        raise AssertionError(f"they compute different losses: {losses}")
    times = race(found, rounds)
    show_times(WORK, times, MLP)
    if "micrograd" not in found:
        return []
    return [
        Finding(WORK, f"micrograd / {name}", times.ratio("micrograd", name), at_least=bound)
        for name, bound in ((SUMS, 5.0), (MLP, 25.0))
    ]


# ------------------------------------------------------------------------ memory and growth


def graph(nodes: int) -> Value:
    """A graph that is as deep as it is large: half products, half sums, all on one leaf."""
    x = y = Value(0.5)
    for _ in range(nodes // 2):
        y = y * x
        y = y + x
    return y


def bytes_per_node(nodes: int) -> float:
    """What the graph takes, told by Python's own allocator."""
    gc.collect()
    tracemalloc.start()
    root = graph(nodes)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del root
    return taken / nodes


def seconds_per_node(nodes: int) -> float:
    """Forward, backward and freeing; the best of a few."""
    best = float("inf")
    for _ in range(max(3, 20_000 // nodes)):
        start = time.perf_counter()
        root = graph(nodes)
        root.backward()
        del root
        best = min(best, time.perf_counter() - start)
    return best / nodes


def growth(largest: int) -> list[Finding]:
    """Time and memory per node, from a thousand nodes to `largest`.

    The time may grow to the threefold: a thousand nodes are in the processor's cache, a million
    are not.
    """
    sizes = [10**k for k in range(3, len(str(largest)))]
    seconds = [seconds_per_node(n) for n in sizes]
    taken = [bytes_per_node(n) for n in sizes]
    print("\nnodes       time per node   bytes per node")
    for n, s, b in zip(sizes, seconds, taken, strict=True):
        print(f"{n:<10,}  {s * 1e9:10.0f} ns  {b:15.0f}")
    work = f"a graph of {sizes[-1]:,} nodes"
    return [
        Finding(work, "memory per node", taken[-1], at_most=250.0, unit="bytes"),
        Finding(work, "memory per node / that of 1,000", taken[-1] / taken[0], at_most=1.25),
        Finding(work, "time per node / that of 1,000", seconds[-1] / seconds[0], at_most=3.0),
    ]


def resident_growth(steps: int) -> list[Finding]:
    """How much more memory the process has after training steps with the collector off."""
    psutil = peer("psutil")
    if not psutil:
        return []
    model = nn.MLP(2, [4, 1], seed=0)
    optimizer = nn.SGD(model.parameters(), 0.01)
    process = psutil.Process()

    def train(count: int) -> None:
        for i in range(count):
            loss = (1.0 - model([0.5, i % 7 - 3.0])).relu()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()

    gc.disable()
    try:
        train(steps // 10)
        before = process.memory_info().rss
        train(steps)
        grown = process.memory_info().rss - before
    finally:
        gc.enable()
    work = f"{steps:,} training steps, collector off"
    return [Finding(work, "more resident memory", grown / MEGABYTE, at_most=1.0, unit="MB")]


# ---------------------------------------------------------------------------------- imports


def seconds_to_import(module: str) -> float:
    """In a process of its own, which may keep the compiled modules as any does."""
    code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    )
    return float(result.stdout)


def imports(rounds: int) -> list[Finding]:
    """Of the engine and of the networks, in turns with NumPy's, which both need."""
    names = ("numpy", "autograd", "nn")
    turns = [{name: seconds_to_import(name) for name in names} for _ in range(rounds + 1)][1:]
    findings = []
    for name in names[1:]:
        ratio = median(turn[name] / turn["numpy"] for turn in turns)
        findings.append(Finding(f"import {name}", "/ import numpy", ratio, at_most=1.3))
    times = (f"import {name} {median(t[name] for t in turns) * 1e3:.0f} ms" for name in names)
    print(f"\n{', '.join(times)}")
    return findings


def run(rounds: int) -> list[Finding]:
    """Measure the eager engine."""
    quick = rounds < 10
    return [
        *against_micrograd(rounds),
        *growth(10_000 if quick else 1_000_000),
        *resident_growth(500 if quick else 10_000),
        *imports(rounds),
    ]

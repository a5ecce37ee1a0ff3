"""How long compiling takes, and what `w * x` sums written out cost in the end: nothing."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

import nn
from autograd import compiled, dot, total
from benchmarks import transformer
from benchmarks.chainrule_networks import Chainrule, example_loss
from benchmarks.measuring import Finding, race, show_times
from benchmarks.networks import check_equal
from benchmarks.sums import Sums
from benchmarks.works import WORKS, Work

SMALL, LARGE = WORKS[0], WORKS[3]


def sums(work: Work) -> Sums:
    return Sums(nn.Parameter, work.sizes, work.activation, seed=0)


def contestant(work: Work, kind: Callable[[Work], nn.Module]) -> Chainrule:
    model = kind(work)
    return Chainrule(model, example_loss(model, work.loss), *work.data())


def seconds_to_compile(work: Work, kind: Callable[[Work], nn.Module], times: int) -> float:
    """From recording to the first result, which is one step more; the median."""
    seconds = []
    for _ in range(times):
        fresh = contestant(work, kind)
        gc.collect()
        start = time.perf_counter()
        fresh.step()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def compile_times(rounds: int) -> list[Finding]:
    few, many = min(rounds, 3), min(rounds, 15)
    findings = [
        Finding(f"compile {name}", way, seconds_to_compile(work, kind, times), bound, unit="s")
        for name, work, way, kind, times, bound in (
            ("2-16-16-1", SMALL, "nn.MLP", Work.model, many, 0.05),
            ("2-16-16-1", SMALL, "scalar sums", sums, many, 0.05),
            ("784-16-16-10", LARGE, "nn.MLP", Work.model, few, 0.5),
            ("784-16-16-10", LARGE, "scalar sums, about 26,000 nodes", sums, few, 3.0),
        )
    ]
    start = time.perf_counter()
    transformer.first_loss()
    seconds = time.perf_counter() - start
    transformers = Finding("compile causal transformer", "with its model", seconds, unit="s")
    return [*findings, transformers, *growth(few)]


def growth(times: int) -> list[Finding]:
    """Eight times the inputs, and so nearly eight times the nodes: how many times the time?"""
    findings = []
    for way, kind in (("nn.MLP", Work.model), ("scalar sums", sums)):
        narrow, wide = (
            seconds_to_compile(Work((nin, 16, 10), "relu", "cross_entropy", 8, {}), kind, times)
            for nin in (98, 784)
        )
        name = "compile 784-16-10 / 98-16-10"
        findings.append(Finding(name, f"{way}, 7.5 times the graph", wide / narrow, at_most=9.5))
    few, many = (seconds_for_local_neurons(neurons, times) for neurons in (1000, 8000))
    name = "compile 8,000 / 1,000 neurons on three inputs each"
    return [*findings, Finding(name, "8 times the graph", many / few, at_most=12)]


def seconds_for_local_neurons(neurons: int, times: int) -> float:
    """From recording to the first result of neurons that share no matrix; the median."""
    weights = [[nn.Parameter(0.1) for _ in range(3)] for _ in range(neurons)]
    inputs = np.ones((2, neurons + 2))
    seconds = []
    for _ in range(times):
        f = compiled(lambda x: total([dot(w, x[i : i + 3]).tanh() for i, w in enumerate(weights)]))
        gc.collect()
        start = time.perf_counter()
        f(inputs)
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def sums_against_mlp(rounds: int) -> Finding:
    """Steps of the same network, recorded from sums and from dots."""
    ways: dict[str, Any] = {
        "chainrule": contestant(SMALL, Work.model),
        "scalar sums": contestant(SMALL, sums),
    }
    check_equal(ways)
    times = race({name: way.step for name, way in ways.items()}, rounds)
    show_times(f"{SMALL}, written in two ways", times, "chainrule")
    ratio = times.ratio("scalar sums", "chainrule")
    return Finding(str(SMALL), "scalar sums / nn.MLP, compiled", ratio, at_most=1.1)


def run(rounds: int) -> list[Finding]:
    """Measure compiling."""
    return [*compile_times(rounds), sums_against_mlp(rounds)]

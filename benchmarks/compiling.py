"""How long compiling takes, and what `w * x` sums written out cost in the end: nothing."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np

import nn
from autograd import compiled, dot, topological_order, total
from autograd.compiler import Backend
from autograd.compiler.eager import example
from benchmarks import transformer
from benchmarks.chainrule_networks import Chainrule, example_loss
from benchmarks.measuring import Finding, race, show_times
from benchmarks.networks import check_equal
from benchmarks.sums import Sums
from benchmarks.works import WORKS, Work

SMALL, LARGE = WORKS[0], WORKS[3]
NODES = "scalar sums, about 26,000 nodes"


def sums(work: Work) -> Sums:
    return Sums(nn.Parameter, work.sizes, work.activation, seed=0)


def contestant(
    work: Work, kind: Callable[[Work], nn.Module], backend: Backend = "numpy"
) -> Chainrule:
    model = kind(work)
    return Chainrule(model, example_loss(model, work.loss), *work.data(), backend)


def seconds_to_compile(make: Callable[[], Chainrule], times: int) -> float:
    """From recording to the first result, which is one step more; the median."""
    seconds = []
    for _ in range(times):
        fresh = make()
        gc.collect()
        start = time.perf_counter()
        fresh.step()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def compile_times(rounds: int) -> list[Finding]:
    few, many = min(rounds, 3), min(rounds, 15)
    networks = [
        Finding(f"compile {name}", way, seconds_to_compile(make, times), bound, unit="s")
        for name, way, make, times, bound in (
            ("2-16-16-1", "nn.MLP", partial(contestant, SMALL, Work.model), many, 0.05),
            ("2-16-16-1", "scalar sums", partial(contestant, SMALL, sums), many, 0.05),
            ("784-16-16-10", "nn.MLP", partial(contestant, LARGE, Work.model), few, 0.5),
            ("784-16-16-10", NODES, partial(contestant, LARGE, sums), few, 3.0),
        )
    ]
    return [*networks, *transformer_times(few), *deep_times(few), *growth(few)]


def transformer_times(times: int) -> list[Finding]:
    """How long it takes at each context; the pairs of attention grow with its square."""
    findings, for_a_node = [], []
    for context in transformer.CONTEXTS:
        make = partial(transformer.ours, context)
        seconds = seconds_to_compile(make, times)
        way = f"sequences of {context}"
        findings.append(Finding("compile causal transformer", way, seconds, unit="s"))
        for_a_node.append(seconds / nodes(make()))
    shortest, *_, longest = transformer.CONTEXTS
    name = f"compile causal transformer, {longest} / {shortest}"
    return [*findings, Finding(name, "for each node", for_a_node[-1] / for_a_node[0], at_most=1.5)]


def deep_times(times: int) -> list[Finding]:
    """How long deeper transformers take, for each node of their graphs."""
    makes = [partial(transformer.ours, 8, layers=layers) for layers in (1, 2, 4)]
    for_a_node = [seconds_to_compile(make, times) / nodes(make()) for make in makes]
    name = "compile causal transformer of 8, {} layers / 1"
    return [
        Finding(name.format(layers), "for each node", share / for_a_node[0], at_most=1.5)
        for layers, share in zip((2, 4), for_a_node[1:], strict=True)
    ]


def nodes(trained: Chainrule) -> int:
    """How many the graph of one example's loss has."""
    return len(
        topological_order(trained.loss.function(example(trained.x[0]), example(trained.y[0])))
    )


def growth(times: int) -> list[Finding]:
    """Eight times the inputs, and so nearly eight times the nodes: how many times the time?"""
    findings = []
    for way, kind in (("nn.MLP", Work.model), ("scalar sums", sums)):
        works = [Work((nin, 16, 10), "relu", "cross_entropy", 8, {}) for nin in (98, 784)]
        narrow, wide = (
            seconds_to_compile(partial(contestant, work, kind), times) for work in works
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

"""Drawings: from a graph to an SVG, with the renderer warm."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import nn
from autograd import Value
from benchmarks.measuring import Finding, race
from viz import draw


def two() -> Value:
    """The smallest graph with an edge."""
    return Value(2.0, label="x").exp()


def chain(length: int = 1000) -> Value:
    """One operation after the other."""
    value = Value(0.5, label="x")
    for _ in range(length - 1):
        value = value.tanh()
    return value


def triangle(inputs: int = 26) -> Value:
    """1,001 nodes: each number and the next make one of the row below."""
    xs = [Value(i / 7, label=f"x{i}") for i in range(inputs)]
    while len(xs) > 1:
        xs = [(x - y).tanh() * y for x, y in pairwise(xs)]
    xs[0].backward()
    return xs[0]


def network() -> Value:
    """The graph of an MLP 2-16-16-1, which is drawn as its neurons."""
    score: Value = nn.MLP(2, [16, 16, 1], seed=0)([Value(1.0), Value(2.0)])
    score.backward()
    return score


def descent(steps: int = 30) -> Value:
    """243 nodes, of which three leaves are used at every step."""
    rate, x, w = Value(0.01, label="rate"), Value(1.5, label="x"), Value(0.0, label="w")
    for _ in range(steps):
        w = w - rate * 2.0 * (w * x - 3.0) * x
    return w


WORKS: dict[str, tuple[Callable[[], Value], float]] = {
    "2 nodes": (two, 0.01),
    "1,000 nodes in a row": (chain, 0.5),
    "1,001 nodes in a triangle": (triangle, 0.5),
    "30 steps of descent on one number": (descent, 0.5),
    "the neurons of 2-16-16-1": (network, 0.5),
}


def run(rounds: int) -> list[Finding]:
    """Measure `draw(graph).svg`, and what a node takes in the file."""
    findings = []
    for name, (make, at_most) in WORKS.items():
        graph = make()

        def svg(graph: Value = graph) -> str:
            return draw(graph, max_nodes=2000).svg

        seconds = race({name: svg}, rounds)[name]
        findings.append(Finding(name, "to SVG", seconds, at_most=at_most, unit="s"))
    drawing = draw(triangle(), detail="values", max_nodes=2000)
    size = len(drawing.svg) / drawing.nodes
    return [*findings, Finding("a node with its edges", "in SVG", size, unit="bytes")]

"""How long machine code takes to make, and to find again: each time in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Callable
from math import inf
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import transformer
from benchmarks.chainrule_networks import MACHINE, Chainrule, our_ways
from benchmarks.compiling import LARGE, NODES, SMALL, contestant, sums
from benchmarks.measuring import Apart, Finding
from benchmarks.works import Work

CACHE = "XDG_CACHE_HOME"  # names the folder in which the cache is made
NETWORK, LONGEST = 1.5, 10.0  # seconds that the first time may take: networks; sequences of 32


def seconds_by_cache(make: Callable[..., Chainrule], *arguments: Any) -> list[float]:
    """From recording to the first result: with an empty cache, then with all but the program
    in it, which is what all programs share, and then with all."""
    before = os.environ.get(CACHE)
    with TemporaryDirectory() as folder:
        os.environ[CACHE] = folder  # which the processes inherit
        try:
            empty = _seconds(make, arguments)
            for program in Path(folder).rglob("*.so"):
                program.unlink()
            return [empty, _seconds(make, arguments), _seconds(make, arguments)]
        finally:
            del os.environ[CACHE]
            if before is not None:
                os.environ[CACHE] = before


def _seconds(make: Callable[..., Chainrule], arguments: tuple[Any, ...]) -> float:
    return Apart(make, *arguments).seconds_per_step(1)


def run(rounds: int) -> list[Finding]:
    """Measure it for the networks and transformers whose NumPy programs are timed."""
    if MACHINE not in our_ways():
        return []
    rows: list[tuple[str, str, float, Callable[..., Chainrule], tuple[Any, ...]]] = [
        ("2-16-16-1", "nn.MLP", NETWORK, contestant, (SMALL, Work.model, "c")),
        ("2-16-16-1", "scalar sums", NETWORK, contestant, (SMALL, sums, "c")),
        ("784-16-16-10", "nn.MLP", NETWORK, contestant, (LARGE, Work.model, "c")),
        ("784-16-16-10", NODES, NETWORK, contestant, (LARGE, sums, "c")),
    ]
    for context in transformer.CONTEXTS:
        bound = LONGEST if context == 32 else inf
        arguments = (context, Chainrule, "c")
        way = f"sequences of {context}"
        rows.append(("causal transformer", way, bound, transformer.ours, arguments))
    return [finding for row in rows for finding in _findings(min(rounds, 3), *row)]


def _findings(
    times: int, name: str, way: str, bound: float, make: Callable[..., Any], arguments: Any
) -> list[Finding]:
    runs = [seconds_by_cache(make, *arguments) for _ in range(times)]
    empty, shared, kept = (median(seconds) for seconds in zip(*runs, strict=True))
    work = f"{MACHINE} for {name}"
    return [
        Finding(work, f"{way}, empty cache", empty, bound, unit="s"),
        Finding(work, f"{way}, what is shared in it", shared, unit="s"),
        Finding(work, f"{way}, all in it", kept, unit="s"),
    ]

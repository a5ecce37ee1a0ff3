"""Measuring fairly on a noisy machine: contestants take turns, and medians and ratios count."""

from __future__ import annotations

import gc
import importlib
import math
import multiprocessing
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any

Step = Callable[[], Any]

_TURN = 4e-3  # seconds that a turn of quick steps takes
_SLOW = 0.1  # a step that takes longer has fewer turns
_FEW = 7  # which are at most so many


@dataclass
class Times:
    """Seconds per step of each contestant, by round."""

    seconds: dict[str, dict[int, float]]

    def __getitem__(self, name: str) -> float:
        """The median."""
        return median(self.seconds[name].values())

    def ratio(self, name: str, other: str) -> float:
        """The median, over the rounds that both ran in, of the time of one by the other's."""
        return median(mine / others for mine, others in self._pairs(name, other))

    def difference(self, name: str, other: str) -> float:
        """The median, over the same rounds, of the seconds that one takes more than the other."""
        return median(mine - others for mine, others in self._pairs(name, other))

    def _pairs(self, name: str, other: str) -> list[tuple[float, float]]:
        mine, others = self.seconds[name], self.seconds[other]
        return [(mine[i], others[i]) for i in mine if i in others]


def race(contestants: Mapping[str, Step], rounds: int) -> Times:
    """Run all in turns, in an order that rotates; each has warmed up before the first round.

    The garbage collector is on, but a contestant does not pay for its peers: what was imported
    and made before is not for the collector to walk, and what a turn leaves behind is collected
    before the next.
    """
    gc.collect()
    gc.freeze()
    counts = {name: _steps_in_a_turn(step) for name, step in contestants.items()}
    times: dict[str, dict[int, float]] = {name: {} for name in contestants}
    names = list(contestants)
    for i in range(rounds):
        for name in names[i % len(names) :] + names[: i % len(names)]:
            if counts[name] or i < _FEW:
                gc.collect()
                times[name][i] = seconds_per_step(contestants[name], counts[name] or 1)
    return Times(times)


def seconds_per_step(step: Step, count: int = 1) -> float:
    """The mean over `count` steps in a row."""
    apart = getattr(step, "__self__", None)
    if isinstance(apart, Apart):
        return apart.seconds_per_step(count)
    turns = range(count)
    start = time.perf_counter()
    for _ in turns:
        step()
    return (time.perf_counter() - start) / count


class Apart:
    """A contestant in a process that does nothing else: `make(*arguments)`, with its `step`.

    Garbage collection and settings belong to a process; there they are as the users of one
    library have them.
    """

    def __init__(self, make: Callable[..., Any], *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, there = context.Pipe()
        context.Process(target=_serve, args=(there, make, arguments), daemon=True).start()
        there.close()

    def step(self) -> float:
        return self._ask("step", 1)

    def parameters(self) -> Any:
        return self._ask("parameters", 1)

    def seconds_per_step(self, count: int) -> float:
        """Timed over there, so that the talk between the processes does not count."""
        return self._ask("seconds_per_step", count)

    def _ask(self, what: str, count: int) -> Any:
        self._connection.send((what, count))
        return self._connection.recv()


def _serve(connection: Any, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    contestant = make(*arguments)
    with suppress(EOFError):  # The other side is gone.
        while True:
            what, count = connection.recv()
            if what == "seconds_per_step":
                connection.send(seconds_per_step(contestant.step, count))
            else:
                answer = getattr(contestant, what)()
                connection.send(float(answer) if what == "step" else answer)


def _steps_in_a_turn(step: Step) -> int:
    """How many steps fit into a turn, at least 1; 0 for a slow one."""
    step()
    seconds = seconds_per_step(step)
    if seconds > _SLOW:
        return 0
    seconds = min(seconds, seconds_per_step(step, 3))
    return max(1, round(_TURN / seconds))


@dataclass
class Finding:
    """One line of a table: what was compared, the figure, and the bound that it is held to."""

    work: str
    compared: str
    figure: float
    at_most: float = math.inf
    at_least: float = -math.inf
    unit: str = "x"

    @property
    def holds(self) -> bool | None:
        """Whether the figure is within its bound; None without one."""
        if self.at_most == math.inf and self.at_least == -math.inf:
            return None
        return self.at_least <= self.figure <= self.at_most

    def cells(self) -> tuple[str, ...]:
        bound = ""
        if self.at_most < math.inf:
            bound = f"at most {quantity(self.at_most, self.unit)}"
        elif self.at_least > -math.inf:
            bound = f"at least {quantity(self.at_least, self.unit)}"
        verdict = {None: "", True: "holds", False: "MISSED"}[self.holds]
        return (self.work, self.compared, quantity(self.figure, self.unit), bound, verdict)


def quantity(number: float, unit: str = "x") -> str:
    """A number with its unit, seconds in those that suit them.

    >>> quantity(0.0000123, "s"), quantity(0.25), quantity(212.0, "bytes")
    ('12.3 us', '0.25 x', '212 bytes')
    """
    if unit == "s":
        for scale, name in ((1.0, "s"), (1e-3, "ms"), (1e-6, "us")):
            if number >= scale or name == "us":
                return f"{number / scale:.3g} {name}"
    return f"{number:.3g} {unit}" if number < 1000 else f"{number:,.0f} {unit}"


def show(title: str, findings: Iterable[Finding]) -> None:
    """Print a table."""
    rows = [("work", "compared", "measured", "wanted", ""), *[f.cells() for f in findings]]
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    print(f"\n{title}\n")
    for i, row in enumerate(rows):
        print(
            "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        )
        if i == 0:
            print("  ".join("-" * width for width in widths).rstrip())


def show_times(work: str, times: Times, ours: str) -> None:
    """Print the median times of all contestants, and each as a multiple of ours."""
    width = max(map(len, times.seconds))
    print(f"\n{work}")
    for name in sorted(times.seconds, key=lambda name: times[name]):
        ratio = times.ratio(name, ours)
        print(f"  {name:<{width}}  {quantity(times[name], 's'):>8}  {ratio:10,.2f}")


@cache
def peer(name: str) -> Any:
    """The module of another project; None, and a line that says so, if it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: comparisons with it are skipped")
        return None

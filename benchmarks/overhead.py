"""The Python around a program: what a step takes that is not the program's own statements."""

from __future__ import annotations

from autograd.compiler.arguments import in_columns
from benchmarks.chainrule_networks import MACHINE, OURS, WAYS, Chainrule, our_ways
from benchmarks.compiling import LARGE, SMALL, contestant
from benchmarks.measuring import Finding, Step, race, show_times
from benchmarks.works import WORKS, Work

PROGRAM = "its program alone"
AT_MOST = ((SMALL, 7e-6), (LARGE, 12e-6))  # seconds around a program
STEP = 15e-6  # of the smallest network, as machine code
# What the programs take when they are written in C by hand, and how many times that ours may.
BY_HAND = ((WORKS[0], 7.9e-6), (WORKS[2], 18.9e-6), (WORKS[3], 89e-6), (WORKS[4], 1370e-6))
TIMES = 1.3


def program_alone(trained: Chainrule) -> Step:
    """Forward and backward of the program of a contestant that has made a step, on its batch."""
    batch = len(trained.x)
    bound = trained.loss.programs.latest.runner.bound(batch)
    columns = [in_columns(trained.x), in_columns(trained.y)]
    return lambda: bound.weighted(columns, 1.0 / batch)


def around(work: Work, rounds: int, at_most: float, way: str = OURS) -> list[Finding]:
    """The everyday step less its program; they take turns on the same arrays."""
    trained = contestant(work, Work.model, WAYS[way][1])
    trained.step()
    times = race({way: trained.step, PROGRAM: program_alone(trained)}, rounds)
    show_times(f"{work}, with and without the Python around it", times, way)
    seconds = times.difference(way, PROGRAM)
    found = [Finding(str(work), f"{way} - {PROGRAM}", seconds, at_most, unit="s")]
    if way == MACHINE and work is SMALL:
        found.append(Finding(str(work), f"{way}, everyday step", times[way], STEP, unit="s"))
    return found


def alone(rounds: int) -> list[Finding]:
    """The programs in machine code, without the Python around them."""
    programs = {}
    for work, _ in BY_HAND:
        trained = contestant(work, Work.model, "c")
        trained.step()
        programs[str(work)] = program_alone(trained)
    times = race(programs, rounds)
    return [
        Finding(str(work), f"{MACHINE}, {PROGRAM}", times[str(work)], TIMES * seconds, unit="s")
        for work, seconds in BY_HAND
    ]


def run(rounds: int) -> list[Finding]:
    """Measure it for the smallest network and for the one with the most inputs."""
    ways = [way for way in (OURS, MACHINE) if way in our_ways()]
    found = [
        finding
        for way in ways
        for work, at_most in AT_MOST
        for finding in around(work, rounds, at_most, way)
    ]
    return found + (alone(rounds) if MACHINE in ways else [])

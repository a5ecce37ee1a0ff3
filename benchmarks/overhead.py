"""The Python around a program: what a step takes that is not the program's own statements."""

from __future__ import annotations

from autograd.compiler.arguments import in_columns
from benchmarks.chainrule_networks import Chainrule
from benchmarks.compiling import LARGE, SMALL, contestant
from benchmarks.measuring import Finding, Step, race, show_times
from benchmarks.networks import OURS
from benchmarks.works import Work

PROGRAM = "its program alone"
AT_MOST = ((SMALL, 7e-6), (LARGE, 12e-6))  # seconds


def program_alone(trained: Chainrule) -> Step:
    """Forward and backward of the program of a contestant that has made a step, on its batch."""
    bound = trained.loss.programs.latest.runner.bound(len(trained.x))
    columns = [in_columns(trained.x), in_columns(trained.y)]

    def run() -> None:
        bound.forward(*columns)
        bound.backward(*columns)

    return run


def around(work: Work, rounds: int, at_most: float) -> Finding:
    """The everyday step less its program; they take turns on the same arrays."""
    trained = contestant(work, Work.model)
    trained.step()
    times = race({OURS: trained.step, PROGRAM: program_alone(trained)}, rounds)
    show_times(f"{work}, with and without the Python around it", times, OURS)
    seconds = times.difference(OURS, PROGRAM)
    return Finding(str(work), f"{OURS} - {PROGRAM}", seconds, at_most, unit="s")


def run(rounds: int) -> list[Finding]:
    """Measure it for the smallest network and for the one with the most inputs."""
    return [around(work, rounds, at_most) for work, at_most in AT_MOST]

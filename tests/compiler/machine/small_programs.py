"""A small program in C, how it is called, and compilers that do something else."""

import shlex
import stat
from pathlib import Path
from typing import Any

import numpy as np

from autograd.compiler.machine.compilers import FLAGS, compiler
from autograd.compiler.machine.loading import loaded
from tests.backends import WHY_NOT

BINDING = np.dtype(
    [
        (name, np.int64)
        for name in ("theta", "gradient", "lanes", "singles", "output", "stride", "batch")
    ]
)


def real() -> str:
    """What calls the compiler that is there, in the shell."""
    return f'exec {shlex.join(compiler().command[: -len(FLAGS)])} "$@"' if not WHY_NOT else ""


REAL = real()


def times(factor: float) -> str:
    """A program that multiplies with theta[0] and this factor, by a product of the library."""
    return f"""
static void before(PLACES) {{ LOCALS }}
static void forward(PLACES) {{
    LOCALS
    GIVEN_ARRAY(double, x, 0)
    bring_in(x, x_row, x_example, lanes, stride, 1, count, stride);
    weighted(theta, 1, 1, lanes, stride, lanes + stride, stride, 1, 1, stride);
    for (Count e = 0; e < count; e++) output[begin + e] = {factor} * lanes[stride + e];
}}
static void before_backward(PLACES) {{ LOCALS }}
static void backward(PLACES) {{ LOCALS }}
static void after(PLACES) {{ LOCALS }}
ENTRY(scaled, 0, 1)
"""


def scaled(factor: float, flags: tuple[str, ...] = ()) -> Any:
    """Its function."""
    (function,) = loaded(times(factor), ["scaled"], flags).functions
    return function


def aligned(count: int) -> Any:
    """That many zeros where vectors may lie."""
    raw = np.zeros(count + 8)
    skip = -raw.ctypes.data // 8 % 8
    return raw[skip : skip + count]


class Bound:
    """Such a program on arrays for a number of examples."""

    def __init__(self, function: Any, batch: int, theta: float = 2.0) -> None:
        self.function, stride = function, -(-batch // 8) * 8
        self.output = np.zeros(batch)
        self.held = (np.array([theta]), np.zeros(1), aligned(2 * stride), np.zeros(1), self.output)
        self.binding = np.array((*(x.ctypes.data for x in self.held), stride, batch), BINDING)

    def __call__(self, *arguments: Any) -> Any:
        return self.function(self.binding.ctypes.data, *arguments)


def works(function: Any, factor: float) -> bool:
    """Whether it is the program with this factor."""
    x = np.arange(13.0)[None]
    bound = Bound(function, 13)
    total = bound(0.5, x)
    return total == factor * x.sum() and bool((bound.output == 2.0 * factor * x).all())


def script(path: Path, text: str) -> Path:
    """A program of the shell."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(stat.S_IRWXU)
    return path


def fake(path: Path, otherwise: str) -> Path:
    """A compiler that tells of the processor as the real one does, and then does otherwise."""
    return script(path, f'case "$*" in *-dM*) {REAL};; esac\n{otherwise}')

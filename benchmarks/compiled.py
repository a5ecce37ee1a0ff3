"""The compiler against its peers, one thread everywhere, float64."""

from __future__ import annotations

from benchmarks import compiling, compiling_c, expression, networks, overhead, transformer
from benchmarks.measuring import Finding


def run(rounds: int) -> list[Finding]:
    """Loss, gradient and update of each work; the Python in it; times to compile."""
    return [
        *networks.run(rounds),
        *transformer.run(rounds),
        *expression.run(rounds),
        *overhead.run(rounds),
        *compiling.run(rounds),
        *compiling_c.run(rounds),
    ]

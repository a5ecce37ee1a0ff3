"""`python -m benchmarks [subject ...] [--quick]`: measure, and print tables of ratios."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

SUBJECTS = {
    "eager": "the engine without the compiler, against micrograd; memory; imports",
    "compiled": "the compiler against NumPy, JAX, PyTorch, micrograd and CasADi",
    "drawing": "pictures of graphs, up to a thousand nodes",
    "estimators": "multilayer perceptrons against scikit-learn's: time and accuracy",
}
ROUNDS, QUICK = 31, 3

# Every library that could use more threads than one is told not to, before it is imported.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NPROC": "1",  # XLA
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the subjects that are asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=" or ".join(SUBJECTS))
    parser.add_argument("--quick", action="store_true", help="few rounds: see whether all runs")
    options = parser.parse_args(arguments)
    if unknown := set(options.subjects) - SUBJECTS.keys():
        parser.error(f"there is no subject {', '.join(sorted(unknown))}")
    os.environ.update(ONE_THREAD)
    measuring = importlib.import_module("benchmarks.measuring")
    print(_versions())
    missed = 0
    for subject in options.subjects or SUBJECTS:
        run = importlib.import_module(f"benchmarks.{subject}").run
        findings = run(QUICK if options.quick else ROUNDS)
        measuring.show(f"{subject}: {SUBJECTS[subject]}", findings)
        missed += sum(finding.holds is False for finding in findings)
    print(f"\n{missed} missed" if missed else "\nall hold")
    return 0


def _versions() -> str:
    names = ("chainrule", "numpy", "micrograd", "torch", "jax", "casadi", "scikit-learn")
    found = [f"Python {platform.python_version()}"]
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return f"{', '.join(found)}; {os.cpu_count()} cores, one thread each"


if __name__ == "__main__":
    sys.exit(main())

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run_python() -> Callable[..., str]:
    """Run a program in a Python of its own, in which the repository's packages are found."""

    def run(program: str, *flags: str, path: Path = ROOT, succeeds: bool = True, **env: str) -> str:
        """What it prints; or, if it is to fail, what it says."""
        done = subprocess.run(
            [sys.executable, *flags, "-c", program],
            cwd=path,  # which comes before all other paths
            env=os.environ | {"PYTHONPATH": str(path)} | env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (done.returncode == 0) == succeeds, done.stderr
        return done.stdout if succeeds else done.stderr

    return run

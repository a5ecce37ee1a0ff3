from collections.abc import Iterator
from typing import Any

import pytest

from autograd.compiler.machine import compilers

_OPTIMIZED = compilers.FLAGS
# Half as long to compile; the numbers are the same, since no compiler may rearrange them.
_QUICK = tuple({"-O2": "-Og"}.get(flag, flag) for flag in _OPTIMIZED)


@pytest.fixture(scope="session", autouse=True)
def _programs_of_this_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Machine code is kept in a folder of these tests, and not in the user's."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patched.setattr(compilers, "FLAGS", _QUICK)
        yield


@pytest.fixture
def optimized() -> Iterator[None]:
    """Machine code as people have it; in other tests it is compiled more quickly."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compilers, "FLAGS", _OPTIMIZED)
        yield


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for all comparisons with PyTorch that were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any("could not import 'torch'" in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(
            "PyTorch is not installed: what compares with it was skipped "
            "(make test TEST_EXTRAS=dev,referee installs it)"
        )

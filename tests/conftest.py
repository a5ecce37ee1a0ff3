from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for all comparisons with PyTorch that were skipped."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any("could not import 'torch'" in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(
            "PyTorch is not installed: what compares with it was skipped "
            "(make test TEST_EXTRAS=dev,referee installs it)"
        )

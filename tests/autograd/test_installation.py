"""Another distribution has a package named `autograd`: what happens when it shares our folder."""

import shutil
from pathlib import Path

import pytest

import autograd


@pytest.fixture
def site(tmp_path):
    """A folder as of installed packages, with the engine in it."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(autograd.__file__).parent, tmp_path / "autograd", ignore=ignore)
    return tmp_path


WARNINGS = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import autograd
print(*(f"{w.category.__name__}: {w.message}" for w in caught))
"""


def test_alone_in_its_folder_it_says_nothing(site, run_python):
    assert run_python(WARNINGS, path=site) == "\n"


@pytest.mark.parametrize("flag", ["-O", "-OO"])
def test_optimised_python_imports_it_too(site, run_python, flag):
    assert run_python(WARNINGS, flag, path=site) == "\n"


def test_files_of_the_other_distribution_beside_ours_are_warned_of(site, run_python):
    (site / "autograd" / "tracer.py").write_text("class Node: ...\n")
    message = run_python(WARNINGS, path=site)
    assert message.startswith(f"RuntimeWarning: the folder {site / 'autograd'} holds two packages")
    assert "pip uninstall autograd" in message


def test_init_of_the_other_distribution_over_ours_is_an_error(site, run_python):
    (site / "autograd" / "__init__.py").write_text("from .tracer import Node\n")
    (site / "autograd" / "tracer.py").write_text("class Node: ...\n")
    message = run_python("import autograd.installation", path=site, succeeds=False)
    assert "ImportError: the folder" in message
    assert "holds two packages named autograd" in message

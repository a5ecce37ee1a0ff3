"""What `make` installs, and when: run with a Python that only writes down what it is asked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="there is no make")


class Environment:
    """An environment whose Python writes its arguments down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "log"
        python = folder / "bin" / "python"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\necho "$*" >>{self.log}\n')
        python.chmod(0o755)
        shutil.copy(python, python.with_name("chainrule"))
        (folder / "made").write_text(f"{ROOT}\n")
        os.utime(folder / "made", (0, 0))  # long ago

    def make(self, *arguments: str) -> None:
        """Run `make`, as if from a terminal and not from a `make test` that runs this."""
        settings = ("MAKE", "MFLAGS", "TEST_EXTRAS", "PYTHON")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(settings)}
        command = ["make", "--silent", f"VENV={self.folder}", *arguments]
        self.log.write_text("")
        subprocess.run(command, cwd=ROOT, env=inherited, check=True, capture_output=True)

    @property
    def installed(self) -> list[str]:
        """The extras that pip was asked for."""
        lines = self.log.read_text().splitlines()
        return [line.rpartition(".[")[2].rstrip("]") for line in lines if "pip install" in line]


@pytest.fixture
def environment(tmp_path):
    return Environment(tmp_path)


def test_testing_needs_no_pytorch(environment):
    environment.make("test")
    assert environment.installed == ["dev"]
    assert "-m pytest" in environment.log.read_text()


def test_pytorch_comes_where_it_is_asked_for(environment):
    environment.make("test", "TEST_EXTRAS=dev,referee")
    assert environment.installed == ["dev,referee"]


def test_the_course_opens_at_its_page_shown_as_a_page(environment, monkeypatch):
    settings = ROOT / "notebooks" / ".jupyter"
    assert (settings / "labconfig" / "default_setting_overrides.json").exists()
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "/of/my/own")
    python = environment.folder / "bin" / "python"
    python.write_text(f'#!/bin/sh\necho "$* with $JUPYTER_CONFIG_PATH" >>{environment.log}\n')
    environment.make("notebook", "ARGS=--no-browser")
    trusted, opened = environment.log.read_text().splitlines()[-2:]
    assert trusted.startswith("-m nbformat.sign notebooks/quickstart.ipynb notebooks/01-deriv")
    called = "-m jupyterlab notebooks/README.md --no-browser"
    assert opened == f"{called} with {settings}{os.pathsep}/of/my/own"


def test_the_continuous_integration_asks_for_it(tmp_path):
    make = tmp_path / "make"
    make.write_text('#!/bin/sh\necho "$* with $TEST_EXTRAS"\n')
    make.chmod(0o755)
    path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([ROOT / ".ci" / "run"], env=os.environ | path, check=True,
                          capture_output=True, text=True)  # fmt: skip
    assert done.stdout == "test with dev,referee\n"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (["test"], ["test"]),
        (["test"], ["lint"]),
        (["test", "TEST_EXTRAS=dev,referee"], ["test"]),
        (["test", "TEST_EXTRAS=dev,referee"], ["test", "TEST_EXTRAS=referee,dev"]),
        (["demo"], ["demo"]),
    ],
)
def test_what_is_installed_is_not_installed_again(environment, first, then):
    environment.make(*first)
    environment.make(*then)
    assert environment.installed == []


def test_what_is_missing_is_added(environment):
    environment.make("test")
    environment.make("test", "TEST_EXTRAS=dev,referee")
    assert environment.installed == ["referee"]


def test_all_is_installed_again_when_the_project_asks_for_something_else(environment):
    environment.make("test")
    for stamp in environment.folder.glob("with-*"):
        os.utime(stamp, (0, 0))  # older than pyproject.toml
    environment.make("test")
    assert environment.installed == ["dev"]


def test_what_is_skipped_without_pytorch_is_said_in_one_line(tmp_path):
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError(\"No module named 'torch'\")")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/nn/test_functional.py",
         "tests/autograd/test_against_torch.py", "-k", "softmax or torch"],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    (line,) = [line for line in done.stdout.splitlines() if "torch" in line.lower()]
    assert line.startswith("PyTorch is not installed")

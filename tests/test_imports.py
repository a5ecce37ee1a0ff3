"""Which package and which module may know which: imports point one way."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import nn

ROOT = Path(__file__).parents[1]

# Each of these may know those to its left only; what is not named may stand anywhere between.
CHAIN = ["operation", "operations", "value", "graph", "differentiation", "checking"]


def is_application(module: str) -> bool:
    """Whether it is of the command line, which is on top of everything though it lies in nn."""
    return module == "nn.__main__" or module.startswith("nn.commands")


def is_module(name: str) -> bool:
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def imports(node: ast.AST) -> Iterator[str]:
    """The modules that a program imports when it runs, anywhere in it."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are absolute"
            names = [f"{child.module}.{alias.name}" for alias in child.names]
            yield from (name if is_module(name) else str(child.module) for name in names)
        elif not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from imports(child)


def imported_by(package: str) -> dict[str, set[str]]:
    """What each module of the package imports."""
    found = {}
    for file in sorted((ROOT / package).rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        found[name] = set(imports(ast.parse(file.read_text("utf-8"))))
    return found


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


ENGINE = {
    name: {x for x in imported if x.startswith("autograd")}
    for name, imported in imported_by("autograd").items()
    if name != "autograd"
}


def known_to(module: str) -> set[str]:
    """All modules of the engine that one needs, directly or not."""
    known, pending = set(), [module]
    while pending:
        new = ENGINE.get(pending.pop(), set()) - known
        known |= new
        pending += new
    return known


@pytest.mark.parametrize(("package", "above"), [("autograd", {"nn", "viz"}), ("nn", {"viz"})])
def test_packages_do_not_know_those_above_them(package, above):
    modules = imported_by(package)
    assert package in modules
    for module, imported in modules.items():
        assert is_application(module) or not above & packages(imported), module


def test_nothing_but_the_command_line_knows_the_applications():
    modules = imported_by("autograd") | imported_by("nn") | imported_by("viz")
    assert {"nn.__main__", "nn.commands.main", "nn.commands.train"} <= modules.keys()
    for module, imported in modules.items():
        assert is_application(module) or not any(map(is_application, imported)), module


def test_only_plots_and_pictures_of_networks_know_nn():
    knowing = {name for name, imported in imported_by("viz").items() if "nn" in packages(imported)}
    allowed = ("viz.plots", "viz.graphs.levels.networks")
    assert not [name for name in knowing if not name.startswith(allowed)]


@pytest.mark.parametrize("place", range(len(CHAIN)), ids=CHAIN)
def test_modules_of_the_engine_know_only_those_before_them(place):
    later = {f"autograd.{name}" for name in CHAIN[place:]}
    assert f"autograd.{CHAIN[place]}" in ENGINE
    assert not later & known_to(f"autograd.{CHAIN[place]}")


def test_only_the_compiler_and_the_package_know_the_compiler():
    for module in ENGINE:
        if not module.startswith("autograd.compiler"):
            assert not any(name.startswith("autograd.compiler") for name in known_to(module)), (
                module
            )


def test_modules_of_the_engine_import_each_other_and_never_the_package():
    assert all("autograd" not in imported for imported in ENGINE.values())
    TopologicalSorter(ENGINE).prepare()  # or a CycleError


def test_benchmarks_import_each_other_without_circles():
    modules = imported_by("benchmarks")
    assert len(modules) > 10
    TopologicalSorter(modules).prepare()  # or a CycleError


def loaded_by(program: str) -> set[str]:
    """The modules that a Python of its own has loaded behind the program."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {program}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


OURS = {"autograd", "nn"}
HEAVY = {
    "matplotlib",
    "graphviz",
    "IPython",
    "wasmtime",
    "viz",
    "tqdm",
    "sklearn",
    "joblib",
    "dask",
    "platformdirs",
}
HEAVY |= {"torch", "onnx", "onnxruntime", "safetensors", "asyncio", "multiprocessing", "ssl"}
# What Python has, and takes longer to load than most of ours.
SLOW = {"inspect", "ast", "dataclasses", "random", "hashlib", "json", "csv", "pathlib", "tempfile"}
SLOW |= {
    "importlib.metadata",
    "subprocess",
    "decimal",
    "urllib.parse",
    "numpy.random",
    "autograd.compiler.programs",
    "autograd.compiler.machine",
    "autograd.explanation.paths",
}


def test_the_engine_and_the_networks_load_numpy_and_nothing_else():
    before = loaded_by("import numpy")
    for package in sorted(OURS):
        new = loaded_by(f"import {package}") - before
        assert packages(new) - packages(before) - sys.stdlib_module_names <= OURS
        assert not new & SLOW


def test_nothing_that_is_in_the_networks_loads_what_they_can_do_without():
    new = loaded_by("from nn import *") - loaded_by("import numpy")
    assert {"nn.mlp", "nn.training.fitting"} <= new
    assert not packages(new) & HEAVY


def test_names_of_the_networks_are_imported_when_they_are_asked_for():
    few, all_of_them = (
        {name for name in loaded_by(program) if name.startswith("nn.")}
        for program in ("import nn", "from nn import *")
    )
    assert few == {"nn.on_demand"}
    some = {name for name in loaded_by("from nn import Neuron") if name.startswith("nn.")}
    assert few < some < all_of_them
    assert "nn.training.fitting" not in some


def test_table_of_contents_of_the_networks_is_that_of_type_checkers():
    listed = {
        alias.name
        for block in ast.parse((ROOT / "nn" / "__init__.py").read_text("utf-8")).body
        if isinstance(block, ast.If)
        for line in block.body
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }
    assert sorted(listed) == sorted(nn.__all__)
    assert set(nn.__all__) <= set(dir(nn))
    assert all(getattr(nn, name) is not None for name in nn.__all__)
    # A module of the name would take the place of what it holds.
    modules = {name for name in nn.__all__ if is_module(f"nn.{name}")}
    assert modules == {"probability"}


def test_name_that_is_not_there_is_an_error_that_python_can_make_a_suggestion_for():
    with pytest.raises(AttributeError, match="module 'nn' has no attribute 'Nueron'") as caught:
        _ = nn.Nueron  # type: ignore[attr-defined]
    assert (caught.value.name, caught.value.obj) == ("Nueron", nn)
    assert nn.losses.mse is nn.mse
    assert not hasattr(nn, "__wrapped__")

"""Which package and which module may know which: imports point one way."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

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


def test_only_the_plots_of_viz_know_nn():
    knowing = {name for name, imported in imported_by("viz").items() if "nn" in packages(imported)}
    assert not [name for name in knowing if not name.startswith("viz.plots")]


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
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {program}; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return packages(set(done.stdout.split()))


def test_the_engine_loads_numpy_and_nothing_else():
    assert loaded_by("import autograd") - loaded_by("import numpy") - sys.stdlib_module_names == {
        "autograd"
    }


def test_networks_load_no_pictures_and_no_progress_bars():
    heavy = {"matplotlib", "graphviz", "sklearn", "tqdm", "IPython", "wasmtime", "viz"}
    assert not heavy & loaded_by("import nn")

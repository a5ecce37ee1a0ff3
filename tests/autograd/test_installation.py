"""Other distributions have packages named as ours: what happens when one shares our folder."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("autograd", "nn", "viz")


@pytest.fixture
def site(tmp_path):
    """A folder as of installed packages, with ours in it."""
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


# Ours may be installed in the environment of the tests too, where it would be found instead.
ALONE = """
import os, sys
sys.path = [p for p in sys.path if p in ("", {site!r}) or not os.path.exists(f"{{p}}/autograd")]
sys.meta_path = [f for f in sys.meta_path if "editable" not in repr(f)]
"""
WARNINGS = """
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import {package}
print(*(f"{{w.category.__name__}}: {{w.message}}" for w in caught))
"""


@pytest.fixture
def importing(site, run_python):
    """What the import of a package says: its warnings, or its error."""

    def run(package, *flags, succeeds=True):
        program = (ALONE + WARNINGS).format(site=str(site), package=package)
        return run_python(program, *flags, path=site, succeeds=succeeds)

    return run


def install_another(site, name, init="answer = 42\n"):
    """Another package of that name, as its installation leaves it in the folder."""
    (site / name / "__init__.py").write_text(init)


def install_another_autograd(site):
    """Files named and importing each other as those of the distribution `autograd`."""
    install_another(site, "autograd", "from .differential_operators import grad\n")
    (site / "autograd" / "differential_operators.py").write_text("from .wrap_util import grad\n")
    (site / "autograd" / "wrap_util.py").write_text("def grad(f): ...\n")


def says_what_to_do(message, site, name):
    return (
        f"the folder {site / name} holds" in message
        and f"Remove the other one (pip uninstall {name}) and install Chainrule anew" in message
        and "(in its clone: pip install --force-reinstall .)" in message
        and "an environment of its own" in message
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_alone_in_their_folders_they_say_nothing(importing, package):
    assert importing(package) == "\n"


@pytest.mark.parametrize("flag", ["-O", "-OO"])
def test_optimised_python_imports_them_too(importing, flag):
    assert importing("nn", flag) == "\n"


def test_the_engine_may_be_alone(site, importing):
    shutil.rmtree(site / "nn")
    shutil.rmtree(site / "viz")
    assert importing("autograd") == "\n"


def test_a_package_beside_it_that_only_has_the_same_name_is_no_concern_of_ours(site, importing):
    shutil.rmtree(site / "nn")
    (site / "nn").mkdir()
    install_another(site, "nn")
    assert importing("autograd") == "\n"


@pytest.mark.parametrize("package", PACKAGES)
def test_files_of_another_autograd_beside_ours_are_warned_of(site, importing, package):
    ours = (site / "autograd" / "__init__.py").read_text("utf-8")
    install_another_autograd(site)
    install_another(site, "autograd", ours)  # ours was installed last
    message = importing(package)
    assert message.startswith("RuntimeWarning: the folder")
    assert "holds two packages named autograd" in message
    assert says_what_to_do(message, site, "autograd")


@pytest.mark.parametrize("package", ["nn", "viz", "autograd.value, autograd.installation"])
def test_another_autograd_over_ours_is_an_error(site, importing, package):
    install_another_autograd(site)
    message = importing(package, succeeds=False)
    assert "ImportError: the folder" in message
    assert says_what_to_do(message, site, "autograd")


def test_another_autograd_over_ours_says_so_itself_and_works(site, importing, run_python):
    install_another_autograd(site)
    message = importing("autograd")
    assert message.startswith("RuntimeWarning: the folder")
    assert says_what_to_do(message, site, "autograd")
    program = "from autograd import grad; print(grad.__module__)"
    assert run_python(program, "-Wignore", path=site) == "autograd.wrap_util\n"


@pytest.mark.parametrize("package", ["nn", "viz"])
def test_what_another_autograd_left_when_it_was_removed_is_an_error(site, importing, package):
    remove_init(site, "autograd")
    message = importing(package, succeeds=False)
    assert "ImportError: the folder" in message
    assert says_what_to_do(message, site, "autograd")


def remove_init(site, name):
    """What is left when another package of that name was removed again."""
    (site / name / "__init__.py").unlink()


@pytest.mark.parametrize("damage", [install_another, remove_init])
@pytest.mark.parametrize(
    ("package", "damaged"), [("autograd", "nn"), ("viz", "nn"), ("autograd", "viz"), ("nn", "viz")]
)
def test_damage_to_one_package_is_warned_of_by_the_others(
    site, importing, package, damaged, damage
):
    damage(site, damaged)
    message = importing(package)
    assert message.startswith("RuntimeWarning: the folder")
    assert says_what_to_do(message, site, damaged)

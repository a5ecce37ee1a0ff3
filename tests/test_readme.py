"""The examples of the pages run, in order, and print what the pages say."""

import doctest
import importlib.util
import re
from pathlib import Path

import pytest

from tests.pages import BLOCK, DRAWN, LINK

ROOT = Path(__file__).parents[1]
WITH_A_CLUSTER = "docs/beyond-one-machine.md"  # runs in tests/nn/test_dask.py
DOCS = sorted(f"docs/{path.name}" for path in ROOT.glob("docs/*.md"))
PAGES = ["README.md", "CONTRIBUTING.md", "notebooks/README.md", *DOCS]
WITHOUT_EXAMPLES = ["docs/decisions.md", "notebooks/README.md"]
EXAMPLES = [page for page in PAGES if page not in WITHOUT_EXAMPLES]
RUNNING = [page for page in EXAMPLES if page != WITH_A_CLUSTER]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
NAME = re.compile(r"(?<![\w./])(?:nn|autograd|viz|sklearn|micrograd|torch)(?:\.\w+)+")


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", RUNNING)
def test_examples_hold(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    session = doctest.DocTestParser().get_doctest(read(page), {}, page, str(ROOT / page), 0)
    said: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(session, out=said.append)
    assert result.failed == 0, "".join(said)
    assert result.attempted > 5


@pytest.mark.parametrize("page", EXAMPLES)
def test_every_python_block_is_a_session_that_runs(page: str):
    blocks = BLOCK.findall(read(page))
    assert blocks
    # Without an empty line at the end, the fence would count as output.
    assert all(block.startswith(">>> ") and block.endswith("\n\n") for block in blocks)


def test_the_picture_is_the_one_that_the_example_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    exec(doctest.script_from_examples(BLOCK.findall(read("README.md"))[0]), {})
    drawn, shown = ((folder / "graph.svg").read_text() for folder in (tmp_path, ROOT / "docs"))
    assert DRAWN.findall(drawn) == DRAWN.findall(shown)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str):
    for link in LINK.findall(read(page)):
        assert (ROOT / page).parent.joinpath(link).exists(), link


def found(name: str) -> bool:
    """Whether a dotted name leads to a module or to something in one."""
    parts = name.split(".")
    thing = importlib.import_module(parts[0])
    for i, part in enumerate(parts[1:], 2):
        if not hasattr(thing, part):
            try:
                importlib.import_module(".".join(parts[:i]))
            except ModuleNotFoundError:
                return False
        thing = getattr(thing, part)
    return True


def test_the_names_in_the_tables_are_there():
    names = set()
    for row in re.findall(r"^\|.*$", read("docs/from-elsewhere.md"), re.MULTILINE):
        names |= {name for code in re.findall("`([^`]+)`", row) for name in NAME.findall(code)}
    assert len(names) > 80
    if importlib.util.find_spec("torch") is None:
        names = {name for name in names if not name.startswith("torch.")}
    assert [name for name in sorted(names) if not found(name)] == []

"""The examples of the pages run, in order, and print what the pages say."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RUNNING = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/compiler.md",
    "docs/data.md",
    "docs/matrices.md",
]
PAGES = [*RUNNING, "docs/decisions.md"]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)\)")


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


@pytest.mark.parametrize("page", RUNNING)
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
    texts = re.compile(r">([^<>]+)</text>")  # places depend on Graphviz's version
    assert texts.findall(drawn) == texts.findall(shown)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str):
    links = [link for link in LINK.findall(read(page)) if "://" not in link]
    for link in links:
        assert (ROOT / page).parent.joinpath(link).exists(), link

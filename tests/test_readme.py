"""Every Python example in README.md runs, in order, and prints what README.md says."""

import doctest
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def test_examples_of_the_readme_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    text = README.read_text(encoding="utf-8")
    names = {"__name__": "readme"}
    for block in BLOCK.finditer(text):
        lines_before = text.count("\n", 0, block.start(1))
        if ">>> " in block[1]:
            hold(block[1], names, lines_before)
        else:
            code = compile("\n" * lines_before + block[1], str(README), "exec", dont_inherit=True)
            exec(code, names)


def hold(session: str, names: dict[str, object], lines_before: int) -> None:
    """Run a session with prompts; what it defines is there for the blocks after it."""
    test = doctest.DocTestParser().get_doctest(session, {}, "README", str(README), lines_before)
    test.globs = names
    said: list[str] = []
    result = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=said.append, clear_globs=False)
    assert result.failed == 0, "".join(said)

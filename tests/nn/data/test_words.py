"""The words that come along. Run as a program, this file collects them anew and writes them."""

import ast
import re
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nn import words

FILE = Path(__file__).parents[3] / "nn" / "data" / "words.txt"
LIBRARY = Path(sysconfig.get_path("stdlib"))
NOT_PUBLIC = {
    "antigravity",
    "ensurepip",
    "idlelib",
    "lib2to3",
    "test",
    "tests",
    "this",
    "turtledemo",
}
UNFRIENDLY = {"dumb", "kill", "sigkill", "slave", "slaves"}


def parts(identifier: str) -> list[str]:
    """The words that an identifier is made of."""
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)
    return [word.lower() for word in found]


def is_word(part: str) -> bool:
    return 2 <= len(part) <= 12 and bool(set(part) & set("aeiouy")) and part not in UNFRIENDLY


def identifiers(program: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(program)):
        for field in ("id", "attr", "name", "arg", "asname"):
            if isinstance(identifier := getattr(node, field, None), str):
                yield identifier


def sources() -> Iterator[Path]:
    """The programs of the standard library's public modules."""
    for file in LIBRARY.rglob("*.py"):
        first, *_ = inside = file.relative_to(LIBRARY).with_suffix("").parts
        if (
            first in sys.stdlib_module_names
            and not first.startswith("_")
            and not NOT_PUBLIC & set(inside)
        ):
            yield file


def collected(files: list[Path]) -> Counter[str]:
    """In how many of the files each word occurs."""
    return Counter(
        word
        for file in files
        for word in {part for name in identifiers(file.read_bytes()) for part in parts(name)}
        if is_word(word)
    )


def test_identifiers_are_parted_where_a_new_word_begins():
    assert parts("HTTPServer_error2name") == ["http", "server", "error", "name"]
    assert parts("__getattr__") == ["getattr"]
    assert parts("iterDirs") == ["iter", "dirs"]


def test_there_are_some_thousand_words_each_once_in_order():
    found = words()
    assert 3000 < len(found) < 4000
    assert found == sorted(set(found))
    assert all(map(is_word, found))
    assert all(re.fullmatch("[a-z]{2,12}", word) for word in found)


def test_words_are_of_the_standard_library():
    """Most, in whichever version: the list is of 3.11."""
    names = ["argparse", "asyncio/events", "csv", "pathlib", "unittest/case", "urllib/request"]
    files = [file for name in names for file in LIBRARY.glob(f"{name}.py")]
    assert len(files) > 3
    twice = {word for word, count in collected(files).items() if count > 1}
    assert len(twice) > 100
    assert len(twice - set(words())) < len(twice) / 20


def test_a_list_that_was_given_can_be_changed_without_harm():
    words().clear()
    assert words()


if __name__ == "__main__":
    assert sys.version_info[:2] == (3, 11), "the list is of Python 3.11"
    chosen = sorted(word for word, count in collected([*sources()]).items() if count > 1)
    FILE.write_text("".join(f"{word}\n" for word in chosen), encoding="ascii")

"""What programs share, the products of matrices above all: compiled when the first one calls it.

It is linked to every one that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from autograd.compiler.machine.cache import alone, found, keep, name_of, remove
from autograd.compiler.machine.compilers import Compiler, made_of
from autograd.locking import lock

_ABOVE = ("vectors.c", "across.c", "shared.h", "tiles.h")
_FILES = ("arguments.c", "given.c", "weighted.c", "summed.c", "lanewise.c")
_FLAGS = (
    "-c",
    "-O3",  # slow to compile, but only once
    "-ffp-contract=fast",  # sums of products are fused
)

_making = lock()  # of many threads that need it, one makes it
_made: dict[str, bytes] = {}  # what this process has made or read of it
_proven: set[str] = set()  # with what programs were linked and loaded


def above(used: Compiler, files: tuple[str, ...]) -> str:
    """What stands above a text in C: the width of vectors, and what some files say."""
    return f"#define WIDTH {used.width}\n{''.join(map(_read, files))}"


def parts(used: Compiler, text: str) -> dict[str, str]:
    """The texts of which a program calls functions, by the names of what is made of them."""
    called = {*re.findall(r"\b(\w+)\(", text)}
    texts = [above(used, (*_ABOVE, file)) for file in _FILES if called & _functions_in(file)]
    on = (used.macros, *used.command, *_FLAGS)
    return {f"{name_of(each, *on)}.o": each for each in texts}


def put(used: Compiler, folder: str, wanted: Mapping[str, str]) -> None:
    """Put them into a folder, compiled, under their names."""
    for name, text in wanted.items():
        with _making:
            made = _made.get(name) or _kept(name)
            if made is None:
                with alone():  # Others wait, and then find it.
                    made = _kept(name) or _compiled(used, folder, name, text)
            _made[name] = made
        Path(folder, name).write_bytes(made)


def prove(names: Iterable[str]) -> None:
    """Note that a program was linked with them and loaded."""
    _proven.update(names)


def doubt(names: Iterable[str]) -> None:
    """Make them anew next time, if no program was ever linked with them and loaded."""
    for name in {*names} - _proven:
        remove(name)
        _made.pop(name, None)


def _kept(name: str) -> bytes | None:
    """One that was kept, which a program was linked with then."""
    if kept := found(name):
        _proven.add(name)
        return kept[1]
    return None


def _compiled(used: Compiler, folder: str, name: str, text: str) -> bytes:
    made = made_of(used, folder, "shared", text, _FLAGS)
    keep(name, made)
    return made


@cache
def _functions_in(file: str) -> frozenset[str]:
    """The functions of a file that others may call."""
    return frozenset(re.findall(r"^void (\w+)\(", _read(file), re.MULTILINE))


@cache
def _read(file: str) -> str:
    return Path(__file__).with_name(file).read_text("utf-8")

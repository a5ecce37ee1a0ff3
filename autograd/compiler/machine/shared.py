"""What programs share: how Python calls them, and the products of matrices.

Each file is compiled when the first program needs it, and linked to every one that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from autograd.compiler.machine.cache import alone, found, keep, name_of, remove
from autograd.compiler.machine.compilers import Compiler, blamed, made_of
from autograd.compiler.machine.processes import NoMachineCodeError, TooSlowError
from autograd.locking import lock

_ABOVE = ("vectors.c", "across.c", "shared.h", "tiles.h")
_FILES = ("arguments.c", "given.c", "weighted.c", "summed.c", "lanewise.c")
_ALWAYS = "calls.c"
_FLAGS = (
    "-c",
    "-O3",  # slow to compile, but only once
    "-ffp-contract=fast",  # sums of products are fused
)

_making = lock()  # of many threads that need it, one makes it
_made: dict[str, bytes] = {}  # what this process has made or read of it
_proven: set[str] = set()  # with what programs were linked and loaded
_too_slow: dict[str, str] = {}  # what is said of those that took too long: nobody waits again


def above(used: Compiler, files: tuple[str, ...]) -> str:
    """What stands above a text in C: the width of vectors, and what some files say."""
    return f"#define WIDTH {used.width}\n{''.join(map(_read, files))}"


def parts(used: Compiler, text: str) -> dict[str, str]:
    """The texts of which a program calls functions, by the names of what is made of them."""
    called = {*re.findall(r"\b(\w+)\(", text)}
    files = [_ALWAYS, *(file for file in _FILES if called & _functions_in(file))]
    texts = [above(used, (*_ABOVE, file)) for file in files]
    on = (used.macros, *used.command, *_FLAGS)
    return {f"{name_of(each, *on)}.o": each for each in texts}


def put(used: Compiler, folder: str, wanted: Mapping[str, str]) -> None:
    """Put them into a folder, compiled, under their names.

    Raises:
        NoMachineCodeError: they cannot be compiled.
    """
    with _making:
        if _missing(wanted):
            with alone():  # Others wait, and then find what was made.
                _make(used, folder, {name: wanted[name] for name in _missing(wanted)})
        for name in wanted:
            Path(folder, name).write_bytes(_made[name])


def _make(used: Compiler, folder: str, texts: Mapping[str, str]) -> None:
    for name in texts.keys() & _too_slow.keys():
        raise NoMachineCodeError(_too_slow[name])
    try:
        for name, made in made_of(used, folder, texts, _FLAGS).items():
            keep(name, made)
            _made[name] = made
    except TooSlowError as error:
        why = blamed(used.command, f"{error} at what programs share", 'take backend="numpy"')
        slow = [name for name in texts if not Path(folder, f"{name}.made").exists()]
        _too_slow.update(dict.fromkeys(slow, why))
        raise NoMachineCodeError(why) from None


def prove(names: Iterable[str]) -> None:
    """Note that a program was linked with them and loaded."""
    _proven.update(names)


def doubt(names: Iterable[str]) -> None:
    """Make them anew next time, if no program was ever linked with them and loaded."""
    with _making:
        for name in {*names} - _proven:
            remove(name)
            _made.pop(name, None)


def _missing(names: Iterable[str]) -> list[str]:
    """Those that are to be made; what was kept is read. With that a program was linked then."""
    for name in {*names} - _made.keys():
        if kept := found(name):
            _proven.add(name)
            _made[name] = kept[1]
    return [name for name in names if name not in _made]


@cache
def _functions_in(file: str) -> frozenset[str]:
    """The functions of a file that others may call."""
    return frozenset(re.findall(r"^void (\w+)\(", _read(file), re.MULTILINE))


@cache
def _read(file: str) -> str:
    return Path(__file__).with_name(file).read_text("utf-8")

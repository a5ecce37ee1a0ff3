"""From the text of a program to functions, whatever becomes of the disk and the compiler."""

import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from autograd.compiler.machine import cache, compilers, loading, shared
from autograd.compiler.machine.compilers import compiler
from autograd.compiler.machine.loading import loaded
from tests.backends import needs_compiler
from tests.compiler.machine.small_programs import (
    REAL,
    Bound,
    fake,
    scaled,
    times,
    works,
)

pytestmark = [needs_compiler, pytest.mark.usefixtures("programs")]
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), *[".."] * 3))


def forbid_compiling(monkeypatch):
    def refuse(*arguments, **settings):
        raise AssertionError("compiled")

    monkeypatch.setattr(compilers, "started", refuse)


def test_program_runs_and_is_kept(programs, tmp_path, monkeypatch):
    assert works(scaled(3), 3)
    assert len(list(programs.glob("*.so"))) == 1
    assert os.listdir(tmp_path) == ["cache"]
    forbid_compiling(monkeypatch)
    assert works(scaled(3), 3)


def test_both_widths_run(monkeypatch):
    narrow = loaded(times(3), ["scaled"], ("-march=haswell",))
    assert narrow.width == 4
    assert works(narrow.functions[0], 3)
    assert loaded(times(3), ["scaled"]).width == compiler().width


def test_what_programs_share_is_compiled_once_for_a_machine_if_they_call_it(programs, monkeypatch):
    monkeypatch.setattr(shared, "_made", {})
    arguments, original = [], compilers.started

    def told(command, given, folder):
        arguments.append(given)
        return original(command, given, folder)

    monkeypatch.setattr(compilers, "started", told)
    assert works(scaled(3), 3)
    shared._made.clear()  # as in another process
    assert works(scaled(5), 5)
    assert ["-c" in given for given in arguments] == [True, True, True, False, False]
    assert kinds(programs) == ["o", "o", "o", "so", "so"]


def kinds(folder):
    """How the names of the files end: `o` of what is shared, `so` of programs."""
    return sorted(name.rpartition(".")[2] for name in os.listdir(folder))


def test_everything_that_a_program_depends_on_is_in_its_name(programs, tmp_path, monkeypatch):
    """Its text, the compiler, its flags, and the processor's features, which it tells of."""
    assert works(scaled(3), 3)
    seen = {name for name in os.listdir(programs) if name.endswith(".so")}

    def is_another():
        names = {name for name in os.listdir(programs) if name.endswith(".so")} - seen
        seen.update(names)
        return len(names) == 1

    scaled(5)
    assert is_another()
    scaled(3, ("-fno-tree-vectorize",))
    assert is_another()
    scaled(3, ("-march=haswell",))  # another processor
    assert is_another()
    monkeypatch.setenv("CC", str(fake(tmp_path / "cc", REAL)))
    scaled(3)
    assert is_another()
    scaled(3)
    assert not is_another()


def made(factor, programs, monkeypatch):
    """The file of a program that this process has not loaded."""
    with monkeypatch.context() as patched:
        patched.setattr(loading, "_functions", lambda used, path, names: ())
        loaded(times(factor), ["scaled"])
    (path,) = programs.glob("*.so")
    return path


@pytest.mark.parametrize("damage", [lambda c: c[:4096], lambda c: b"", lambda c: b"x" * len(c)])
def test_damaged_program_is_made_anew(damage, programs, monkeypatch):
    path = made(3, programs, monkeypatch)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert works(scaled(3), 3)
    assert path.read_bytes() == whole


def test_damaged_library_that_programs_share_is_made_anew(programs, monkeypatch):
    monkeypatch.setattr(shared, "_made", {})
    scaled(3)
    whole = {path: path.read_bytes() for path in programs.glob("*.o")}
    for path, content in whole.items():
        path.write_bytes(content[:500])
    shared._made.clear()  # as in another process
    assert works(scaled(5), 5)
    assert {path: path.read_bytes() for path in whole} == whole
    assert len(whole) == 3


def test_program_that_is_whole_but_cannot_be_loaded_is_made_anew(programs, monkeypatch):
    path = made(3, programs, monkeypatch)
    path.unlink()
    cache.keep(path.name, b"of another system")
    assert works(scaled(3), 3)
    assert works(scaled(3), 3)


@pytest.mark.parametrize("home", ["/dev/null/cache", "/proc/nowhere"])
def test_without_a_home_that_can_be_written_programs_run(home, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", home)
    assert works(scaled(3), 3)
    assert works(scaled(3), 3)
    assert os.listdir(tmp_path) == []


def test_functions_of_two_programs_with_one_name_are_their_own():
    three, five = scaled(3), scaled(5)
    assert works(three, 3)
    assert works(five, 5)


def test_seventeen_threads_compile_and_run_at_once(monkeypatch, programs):
    right = []

    def work(factor):
        right.append(works(scaled(factor), factor))

    threads = [threading.Thread(target=work, args=(i // 2,)) for i in range(17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 17
    assert len(list(programs.glob("*.so"))) == 9


PROCESS = """
from autograd.compiler.machine.loading import loaded
from tests.compiler.machine.small_programs import times, works
print(works(loaded(times(3), ["scaled"]).functions[0], 3))
"""


def started():
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def test_processes_that_make_the_same_at_once_all_have_it(programs):
    processes = [started() for _ in range(4)]
    assert [process.communicate()[0] for process in processes] == ["True\n"] * 4
    assert kinds(programs) == ["o", "o", "o", "so"]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_child_of_a_fork_compiles_and_runs():
    three = scaled(3)
    child = os.fork()
    if not child:
        try:
            right = works(three, 3) and works(scaled(5), 5)
        finally:
            os._exit(0 if right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert works(scaled(5), 5)


def refused(function, *arguments):
    with pytest.raises(TypeError) as caught:
        Bound(function, 2)(*arguments)
    return str(caught.value)


def test_call_with_wrong_arguments_is_an_error_and_not_a_crash():
    function, x = scaled(3), np.ones((1, 2))
    assert Bound(function, 2)(1.0, x) == 12.0
    assert refused(function, 1.0) == "another number of arguments"
    assert refused(function, 1.0, x, x) == "another number of arguments"
    assert refused(function, "1", x) == "must be real number, not str"
    assert "bytes-like" in refused(function, 1.0, [1.0, 2.0])
    other = "an array of another kind, layout or batch size"
    for wrong in (
        x.astype(np.float32),
        x[0],
        np.ones((1, 3)),
        np.ones((1, 2, 2)),
        np.zeros(2, np.dtype([("a", "i4"), ("x", "f8")]))["x"][None],  # 12 bytes apart
    ):
        assert refused(function, 1.0, wrong) == other
    with pytest.raises(TypeError, match="another number"):
        function()
    with pytest.raises(TypeError, match="int"):
        function("binding", 1.0, x)
    with pytest.raises(TypeError, match="no binding"):
        function(0, 1.0, x)
    with pytest.raises(TypeError, match="keyword"):
        function(x=x)


def test_call_holds_no_array_when_it_has_ended():
    function = scaled(3)
    right = memoryview(bytearray(16)).cast("d", (1, 2))
    wrong = memoryview(bytearray(16)).cast("f", (1, 4))
    Bound(function, 2)(1.0, right)
    refused(function, 1.0, right, right)
    refused(function, 1.0, wrong)
    refused(function, "1", right)
    for array in (right, wrong):
        array.release()  # which Python refuses while something else holds it

"""Which compiler is found, and what becomes of one that cannot be used."""

import os
import shlex
import subprocess
import sys
import time

import numpy as np
import pytest

from autograd import compiled
from autograd.compiler.machine import compilers
from autograd.compiler.machine.compilers import NoMachineCodeError, compiler, run
from tests.backends import needs_compiler
from tests.compiler.machine.small_programs import REAL, script

REMEDY = "install a C compiler, or pip install 'chainrule[native]', which brings one along"


@needs_compiler
def test_vectors_are_as_wide_as_the_processor_has_them():
    found = compiler()
    assert found.width == (8 if "__AVX512F__" in found.macros.split() else 4)


@needs_compiler
def test_narrower_vectors_can_be_asked_for():
    assert compiler(("-march=haswell",)).width == 4


@needs_compiler
def test_without_any_such_vectors_numpy_is_as_fast():
    with pytest.raises(NoMachineCodeError, match="no vectors of the kind AVX2"):
        compiler(("-march=nehalem",))


@needs_compiler
def test_processor_without_fused_multiply_and_add_is_refused():
    with pytest.raises(NoMachineCodeError, match="no vectors of the kind AVX2"):
        compiler(("-march=haswell", "-mno-fma"))


def test_named_compiler_goes_before_others_and_may_have_arguments(tmp_path, monkeypatch):
    named = script(tmp_path / "my cc", 'echo "#define __VERSION__ $1"; echo "#define __x86_64__ 1"')
    monkeypatch.setenv("CC", f"'{named}' mine")
    with pytest.raises(NoMachineCodeError, match="AVX2"):
        compiler()
    named.write_text('#!/bin/sh\necho "#define __VERSION__ $1 __x86_64__ __AVX2__ __FMA__"\n')
    monkeypatch.setenv("CC", f"'{named}' other")
    assert compiler().command[:2] == (str(named), "other")
    assert compiler().width == 4


@needs_compiler
def test_other_named_compiler_is_seen_in_the_same_process(tmp_path, monkeypatch):
    before = compiler()
    monkeypatch.setenv("CC", str(tmp_path / "missing"))
    with pytest.raises(NoMachineCodeError, match="cannot be run"):
        compiler()
    monkeypatch.undo()
    assert compiler() == before


def without_compilers(monkeypatch, tmp_path):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(compilers.importlib.util, "find_spec", lambda name: None)


def test_without_a_compiler_the_message_is_the_remedy(tmp_path, monkeypatch):
    without_compilers(monkeypatch, tmp_path)
    with pytest.raises(NoMachineCodeError) as caught:
        compiler()
    assert str(caught.value) == f"there is no C compiler: {REMEDY}"


def test_compiler_that_is_installed_later_is_found(tmp_path, monkeypatch):
    without_compilers(monkeypatch, tmp_path)
    with pytest.raises(NoMachineCodeError):
        compiler()
    script(tmp_path / "cc", 'echo "#define __VERSION__ __x86_64__ __AVX2__ __FMA__"')
    assert compiler().command[0] == str(tmp_path / "cc")


def test_without_one_of_the_system_that_of_the_package_ziglang_is_called(tmp_path, monkeypatch):
    package = tmp_path / "ziglang"
    package.mkdir()
    (package / "__init__.py").touch()
    script(package / "zig", 'echo "#define __VERSION__ __x86_64__ __AVX2__ __FMA__"')
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(package))
    monkeypatch.syspath_prepend(tmp_path)
    assert compiler().command[:2] == (str(package / "zig"), "cc")
    script(package / "cc", 'echo "#define __VERSION__ __x86_64__ __AVX2__ __FMA__"')
    assert compiler().command[0] == str(package / "cc")  # the system's goes before it


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exit 3", r"cc failed \(exit code 3\): "),
        ("echo 'no space' >&2; echo more >&2; exit 1", r"cc failed \(no space\): "),
        ("echo rubbish", "does not answer like a C compiler of today: "),
        ("head -c 100000 /dev/urandom", "does not answer like a C compiler of today: "),
        ("head -c 100000 /dev/urandom >&2; exit 1", r"cc failed \("),
        ("kill -9 $$", r"cc failed \(exit code -9\): "),
    ],
)
def test_compiler_that_cannot_be_used_is_told_of_with_the_remedy(
    text, message, tmp_path, monkeypatch
):
    monkeypatch.setenv("CC", str(script(tmp_path / "cc", text)))
    with pytest.raises(NoMachineCodeError, match=message) as caught:
        compiler()
    assert str(caught.value).endswith(REMEDY)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("named", ["missing-compiler", "/dev/null", "/", "cc 'open"])
def test_name_of_no_compiler_is_told_of_with_the_remedy(named, monkeypatch):
    monkeypatch.setenv("CC", named)
    with pytest.raises(NoMachineCodeError, match="cannot be") as caught:
        compiler()
    assert str(caught.value).endswith(REMEDY)


def test_name_of_nothing_but_blanks_is_none(monkeypatch):
    monkeypatch.setenv("CC", "  ")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(compilers.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoMachineCodeError, match="there is no C compiler"):
        compiler()


def test_on_other_systems_there_is_no_machine_code(monkeypatch):
    monkeypatch.setattr(compilers.sys, "platform", "win32")
    with pytest.raises(NoMachineCodeError, match="Linux and macOS only"):
        compiler()


def is_running(process: int) -> bool:
    """Also not as one that ended and was not waited for."""
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ended(process: int) -> bool:
    """Whether it ends within some seconds."""
    for _ in range(500):
        if not is_running(process):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_compiler_that_hangs_is_ended_with_its_children_and_not_asked_again(tmp_path, monkeypatch):
    child = tmp_path / "child"
    hanging = script(tmp_path / "cc", f"sleep 300 & echo $! >>{child}; wait")
    monkeypatch.setattr(compilers, "SECONDS", 0.5)
    monkeypatch.setenv("CC", str(hanging))
    for _ in range(2):
        with pytest.raises(NoMachineCodeError, match=r"did not end within 0\.5 seconds"):
            compiler()
    (started,) = child.read_text().split()
    assert ended(int(started))


def test_child_that_a_compiler_leaves_behind_is_not_waited_for(tmp_path, monkeypatch):
    leaving = script(tmp_path / "cc", "setsid sleep 300 & echo done")
    monkeypatch.setattr(compilers, "SECONDS", 30.0)  # not 300
    assert run((str(leaving),), (), str(tmp_path)) == "done\n"


@needs_compiler
def test_failure_that_passes_is_not_remembered(tmp_path, monkeypatch):
    def full(*arguments, **settings):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(compilers, "_examined", {})
    with monkeypatch.context() as patch:
        patch.setattr(compilers.subprocess, "Popen", full)
        with pytest.raises(NoMachineCodeError, match="Too many open files"):
            compiler()
    assert compiler().width in (4, 8)


@needs_compiler
def test_compiler_may_be_named_from_the_present_folder(tmp_path, monkeypatch):
    script(tmp_path / "wrapper", REAL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CC", "./wrapper")
    assert compiler().command[0] == str(tmp_path / "wrapper")


@needs_compiler
@pytest.mark.parametrize("flag", ["fast-math", "unsafe-math-optimizations", "finite-math-only"])
def test_flags_of_the_person_change_no_number(flag, monkeypatch):
    usual = compiler().command[: -len(compilers.FLAGS)]
    monkeypatch.setenv("CC", shlex.join([*usual, f"-f{flag}"]))
    f = compiled(lambda x: x.exp(), backend="c")
    found = f(np.array([0.3, 3.0, 7.0, np.nan, np.inf]))
    np.testing.assert_allclose(found, np.exp([0.3, 3.0, 7.0, np.nan, np.inf]), rtol=1e-14)
    assert "machine code" in repr(f)


INTERRUPTED = """
import sys
from autograd.compiler.machine.compilers import run
try:
    run((sys.argv[1],), (), ".")
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_interrupt_ends_the_compiler_and_its_children(tmp_path):
    child = tmp_path / "child"
    hanging = script(
        tmp_path / "cc", f"sleep 300 & echo $! >{child}.new; mv {child}.new {child}; wait"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(hanging)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    while not child.exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(2)
    assert process.communicate()[0] == "interrupted\n"
    assert ended(int(child.read_text()))


def test_what_a_compiler_remembers_stays_in_the_folder_where_it_works(tmp_path):
    named = script(tmp_path / "cc", 'echo "$PWD $TMPDIR $ZIG_GLOBAL_CACHE_DIR"')
    (tmp_path / "work").mkdir()
    folder = str(tmp_path / "work")
    assert run((str(named),), (), folder).split() == [folder] * 3

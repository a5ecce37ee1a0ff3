"""Which compiler is found, and what becomes of one that cannot be used."""

import shlex

import numpy as np
import pytest

from autograd import compiled
from autograd.compiler.machine import compilers, processes
from autograd.compiler.machine.compilers import compiler
from autograd.compiler.machine.processes import NoMachineCodeError
from tests.backends import needs_compiler
from tests.compiler.machine.small_programs import REAL, script

REMEDY = "install a C compiler, or pip install ziglang, which is one"
UNSET = ": unset CC, or name a C compiler with it"
ANSWER = 'echo "#define __VERSION__ __x86_64__ __AVX2__ __FMA__"'


@needs_compiler
def test_vectors_are_as_wide_as_the_processor_has_them():
    found = compiler()
    assert found.width == (8 if "__AVX512F__" in found.macros.split() else 4)


@needs_compiler
def test_narrower_vectors_can_be_asked_for():
    assert compiler(("-march=haswell",)).width == 4


@needs_compiler
def test_without_any_such_vectors_there_is_no_machine_code():
    with pytest.raises(NoMachineCodeError, match="no vectors of the kind AVX2"):
        compiler(("-march=nehalem",))


@needs_compiler
def test_processor_without_fused_multiply_and_add_is_refused():
    with pytest.raises(NoMachineCodeError, match="no vectors of the kind AVX2"):
        compiler(("-march=haswell", "-mno-fma"))


def test_named_compiler_goes_before_others_and_may_have_arguments(tmp_path, monkeypatch):
    named = script(
        tmp_path / "my  cc", 'echo "#define __VERSION__ $1"; echo "#define __x86_64__ 1"'
    )
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
    script(tmp_path / "cc", ANSWER)
    assert compiler().command[0] == str(tmp_path / "cc")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """The only one on PATH, and that of the package ziglang; both are empty."""
    package = tmp_path / "ziglang"
    package.mkdir()
    (package / "__init__.py").touch()
    (tmp_path / "bin").mkdir()
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path / "bin", package


def test_those_installed_are_asked_in_one_order_for_what_they_are(folders):
    system, package = folders
    script(package / "zig", ANSWER)
    assert compiler().command[:2] == (str(package / "zig"), "cc")
    for name in ("clang", "gcc", "cc"):
        script(system / name, ANSWER)
        assert compiler().command[0] == str(system / name)


@pytest.mark.parametrize("text", ["echo 'no tools' >&2; exit 1", "exit 0", "echo __VERSION__"])
def test_one_that_cannot_be_used_hides_none_that_can(text, folders):
    system, package = folders
    for name in ("cc", "gcc"):
        script(system / name, text)
    script(package / "zig", ANSWER)
    assert compiler().command[:2] == (str(package / "zig"), "cc")
    script(system / "clang", ANSWER)
    assert compiler().command[0] == str(system / "clang")


def test_one_that_cannot_be_run_at_all_hides_none_that_can(folders):
    system, _ = folders
    script(system / "cc", "").write_text("#!/nowhere\n")
    script(system / "gcc", ANSWER)
    assert compiler().command[0] == str(system / "gcc")


def test_one_that_cannot_be_used_is_asked_once(folders):
    system, _ = folders
    script(system / "cc", f"echo asked >>{system / 'asked'}; exit 1")
    script(system / "gcc", ANSWER)
    for _ in range(3):
        assert compiler().command[0] == str(system / "gcc")
    assert (system / "asked").read_text() == "asked\n"


def test_where_none_can_be_used_the_message_says_why_and_what_is_not_installed(folders):
    system, package = folders
    script(system / "cc", "echo 'no tools' >&2; exit 1")
    script(package / "zig", "exit 1")
    with pytest.raises(NoMachineCodeError) as caught:
        compiler()
    assert str(caught.value) == f"{system}/cc failed (no tools): install a C compiler"


def test_where_the_processor_has_no_such_vectors_nothing_is_to_be_installed(folders):
    system, _ = folders
    script(system / "cc", "exit 1")
    script(system / "gcc", 'echo "#define __VERSION__ __aarch64__"')
    with pytest.raises(NoMachineCodeError, match=f"^{system}/gcc makes no vectors") as caught:
        compiler()
    assert "install" not in str(caught.value)


def test_named_compiler_is_the_only_one_that_is_used(folders, monkeypatch):
    system, _ = folders
    script(system / "cc", ANSWER)
    for named in (script(system / "broken", "exit 1"), "missing"):
        monkeypatch.setenv("CC", str(named))
        with pytest.raises(NoMachineCodeError, match=f'CC="{named}" .*{UNSET}$'):
            compiler()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exit 3", r'cc" failed \(exit code 3\): '),
        ("echo 'no space' >&2; echo more >&2; exit 1", r'cc" failed \(no space\): '),
        ("echo rubbish", "does not answer like a C compiler of today: "),
        ("head -c 100000 /dev/urandom", "does not answer like a C compiler of today: "),
        ("head -c 100000 /dev/urandom >&2; exit 1", r'cc" failed \('),
        ("kill -9 $$", r'cc" failed \(exit code -9\): '),
    ],
)
def test_compiler_that_cannot_be_used_is_told_of_with_the_remedy(
    text, message, tmp_path, monkeypatch
):
    monkeypatch.setenv("CC", str(script(tmp_path / "cc", text)))
    with pytest.raises(NoMachineCodeError, match=message) as caught:
        compiler()
    assert str(caught.value).startswith(f'CC="{tmp_path}/cc" ')
    assert str(caught.value).endswith(UNSET)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("named", ["missing-compiler", "/dev/null", "/", "cc 'open", "''", "a\nb"])
def test_name_of_no_compiler_is_told_of_with_the_remedy(named, monkeypatch):
    monkeypatch.setenv("CC", named)
    with pytest.raises(NoMachineCodeError, match=r"cannot be|names no") as caught:
        compiler()
    assert str(caught.value).startswith('CC="{}" '.format(named.replace("\n", " ")))
    assert str(caught.value).endswith(UNSET)


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


@needs_compiler
def test_failure_that_passes_is_not_remembered(tmp_path, monkeypatch):
    def full(*arguments, **settings):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(compilers, "_known", {})
    with monkeypatch.context() as patch:
        patch.setattr(processes.subprocess, "Popen", full)
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
@pytest.mark.parametrize(
    "flag",
    ["-ffast-math", "-funsafe-math-optimizations", "-ffinite-math-only", "-std=c89", "-xc++"],
)
def test_flags_of_the_person_change_no_number_and_no_language(flag, monkeypatch):
    usual = compiler().command[: -len(compilers.FLAGS)]
    monkeypatch.setenv("CC", shlex.join([*usual, flag]))
    f = compiled(lambda x: x.exp(), backend="c")
    found = f(np.array([0.3, 3.0, 7.0, np.nan, np.inf]))
    np.testing.assert_allclose(found, np.exp([0.3, 3.0, 7.0, np.nan, np.inf]), rtol=1e-14)
    assert "machine code" in repr(f)

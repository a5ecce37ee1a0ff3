"""Programs that cannot be made or loaded: what is said, and what is left."""

import os
import re

import pytest

from autograd.compiler.machine import loading, processes, shared
from autograd.compiler.machine.loading import loaded
from autograd.compiler.machine.processes import NoMachineCodeError
from tests.backends import needs_compiler
from tests.compiler.machine.small_programs import REAL, fake, scaled, times, works

pytestmark = [needs_compiler, pytest.mark.usefixtures("programs")]


def test_folder_that_others_can_write_is_not_used(programs):
    programs.parent.mkdir(parents=True)
    programs.mkdir()
    programs.chmod(0o777)
    with pytest.raises(NoMachineCodeError, match="programs is not yours alone to write"):
        scaled(3)
    assert os.listdir(programs) == []


def test_without_a_folder_for_temporary_files_the_message_names_one(monkeypatch):
    def refuse(**settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(processes.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(NoMachineCodeError, match=r"No space left on device.*TMPDIR"):
        scaled(3)


@pytest.mark.parametrize(
    ("otherwise", "message"),
    [
        ("echo wrong >&2; exit 1", r'cc" failed \(wrong\)'),
        ("exit 0", "ended well and made nothing"),
        (
            "sleep 300",
            'within 1 seconds at what programs share: take backend="numpy", ',
        ),
        (
            'while [ "$1" != -o ]; do shift; done; echo rubbish >"$2"',
            "made what cannot be loaded",
        ),
        ('while [ "$1" != -o ]; do shift; done; mkdir "$2"', "ended well and made nothing"),
    ],
)
def test_compiler_that_goes_wrong_is_told_of_and_leaves_nothing(
    otherwise, message, tmp_path, programs, monkeypatch
):
    monkeypatch.setattr(processes, "SECONDS", 1.0)
    monkeypatch.setenv("CC", str(fake(tmp_path / "cc", otherwise)))
    with pytest.raises(NoMachineCodeError, match=message) as caught:
        scaled(3)
    assert str(caught.value).startswith(f'CC="{tmp_path}/cc" ')
    assert str(caught.value).endswith(", or name a C compiler with it")
    assert "XDG_CACHE_HOME" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert {*os.listdir(tmp_path)} - {"cache"} == {"cc"}
    assert not list(programs.glob("making-*"))


def test_compiler_of_the_system_that_goes_wrong_may_be_replaced_by_another(tmp_path, monkeypatch):
    fake(tmp_path / "cc", "exit 1")
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(NoMachineCodeError, match=r"code 1\): name another C compiler with CC$"):
        scaled(3)


def test_compiler_that_took_too_long_is_asked_again_for_much_shorter_programs_only(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(processes, "SECONDS", 1.0)
    slow = f'case "$*" in *" -c "*) {REAL};; esac\necho >>{tmp_path}/asked; sleep 300'
    monkeypatch.setenv("CC", str(fake(tmp_path / "cc", slow)))

    def asked(length):
        with pytest.raises(NoMachineCodeError, match="did not end"):
            loaded("/" * length, ["scaled"])
        return len((tmp_path / "asked").read_text())

    assert [asked(length) for length in (1000, 2000, 900, 501, 500)] == [1, 1, 1, 1, 2]


def test_part_that_took_too_long_is_not_asked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "SECONDS", 1.0)
    monkeypatch.setattr(shared, "_made", {})
    file = 'for each; do case "$each" in *.c) file=$each;; esac; done'
    slow = f"grep -q weighted_tile $file && {{ echo >>{tmp_path}/asked; sleep 300; }}"
    monkeypatch.setenv("CC", str(fake(tmp_path / "cc", f"{file}\n{slow}\n{REAL}")))
    for factor in (3, 5):
        with pytest.raises(NoMachineCodeError, match=r"did not end .* at what programs share"):
            scaled(factor)
    assert len((tmp_path / "asked").read_text()) == 1
    alone = re.sub(r"weighted\(.*", "", times(3))  # a program that does not call it
    monkeypatch.setattr(processes, "SECONDS", 60.0)
    assert loaded(alone, ["scaled"]).functions


@pytest.mark.parametrize("kept", [True, False])
def test_folder_where_nothing_may_run_is_told_of(kept, programs, tmp_path, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(loading.ctypes, "PyDLL", refuse)
    monkeypatch.setattr(loading.mmap, "mmap", refuse)
    if not kept:
        monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    folder = programs if kept else tmp_path / "chainrule-"
    with pytest.raises(NoMachineCodeError, match=f"nothing may run in {folder}.*XDG_CACHE_HOME"):
        scaled(3)


def test_compiler_that_is_mended_is_used(tmp_path, monkeypatch):
    named = fake(tmp_path / "cc", 'while [ "$1" != -o ]; do shift; done; echo rubbish >"$2"')
    monkeypatch.setenv("CC", str(named))
    with pytest.raises(NoMachineCodeError):
        scaled(3)
    fake(named, REAL)
    assert works(scaled(3), 3)


def test_name_that_the_program_does_not_have_is_told_of():
    with pytest.raises(NoMachineCodeError, match="cannot be loaded"):
        loaded(times(3), ["unscaled"])


def test_text_that_does_not_compile_is_told_of():
    with pytest.raises(NoMachineCodeError, match=r"failed \(program\.c:.*error"):
        loaded("rubbish", ["scaled"])

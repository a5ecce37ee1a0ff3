"""What is kept on disk: whole or not at all, in a folder that is the user's alone."""

import errno
import os
import sys
import tempfile
import threading

import pytest

from autograd.compiler.machine.cache import found, keep, name_of, remove
from autograd.compiler.machine.processes import NoMachineCodeError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is kept there")
BEYOND = 2 * 86400  # seconds: more than a day


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "chainrule" / "programs"


def test_names_differ_where_anything_differs():
    assert name_of("a", "b") == name_of("a", "b")
    assert len({name_of("a", "b"), name_of("ab"), name_of("a", "c"), name_of("b", "a")}) == 4


def test_what_was_kept_is_found_and_nobody_else_can_write_it(folder):
    assert found("one.so") is None
    path = keep("one.so", b"made")
    assert found("one.so") == (path, b"made")
    assert folder == path.parent
    assert os.listdir(folder) == ["one.so"]
    for ours in (folder.parent, folder, path):
        assert not ours.stat().st_mode & 0o077


def test_what_is_there_and_whole_stays_for_those_who_run_it(folder):
    before = keep("one.so", b"made").stat().st_ino
    assert keep("one.so", b"made").stat().st_ino == before
    assert os.listdir(folder) == ["one.so"]


def test_what_was_removed_is_not_there(folder):
    keep("one.so", b"made")
    for _ in range(2):
        remove("one.so")
        assert found("one.so") is None


def flipped(content):
    return content[:3] + bytes([content[3] ^ 1]) + content[4:]


@pytest.mark.parametrize(
    "damage",
    [lambda c: c[:-1], lambda c: c[:20], lambda c: b"", lambda c: c + b"x", flipped],
    ids=["shortened", "without digest", "empty", "longer", "changed"],
)
def test_damaged_file_is_not_there_and_can_be_kept_anew(damage, folder):
    path = keep("one.so", b"made by a compiler")
    path.write_bytes(damage(path.read_bytes()))
    assert found("one.so") is None
    keep("one.so", b"made by a compiler")
    assert found("one.so") == (path, b"made by a compiler")


@pytest.mark.parametrize("level", [0, 1], ids=["chainrule", "programs"])
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_folder_that_others_can_write_is_refused(mode, level, folder):
    keep("one.so", b"made")
    unsafe = (folder.parent, folder)[level]
    unsafe.chmod(mode)
    for use in (lambda: found("one.so"), lambda: keep("two.so", b"made")):
        with pytest.raises(NoMachineCodeError, match=f"^{unsafe} is not yours alone to write"):
            use()
    assert os.listdir(folder) == ["one.so"]


@pytest.mark.parametrize("level", [0, 1], ids=["chainrule", "programs"])
def test_link_in_place_of_the_folder_is_refused(level, folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    link = (folder.parent, folder)[level]
    link.parent.mkdir(mode=0o700, exist_ok=True)
    link.symlink_to(elsewhere)
    with pytest.raises(NoMachineCodeError, match=f"^{link} is a link, "):
        keep("one.so", b"made")
    assert not os.listdir(elsewhere)


def test_file_in_place_of_the_folder_is_told_of(folder):
    folder.parent.touch(mode=0o600)
    with pytest.raises(NoMachineCodeError, match=f"^{folder.parent} is not a folder, .*remove it"):
        keep("one.so", b"made")


def test_folder_of_another_is_refused(folder, monkeypatch):
    keep("one.so", b"made")
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + 1)
    with pytest.raises(NoMachineCodeError, match="is not yours alone to write"):
        found("one.so")


def test_file_that_others_can_write_and_link_are_not_there(folder, tmp_path):
    path = keep("one.so", b"made")
    path.chmod(0o622)
    assert found("one.so") is None
    path.chmod(0o600)
    assert found("one.so")
    path.rename(tmp_path / "one.so")
    path.symlink_to(tmp_path / "one.so")
    assert found("one.so") is None


@pytest.mark.parametrize("home", ["/dev/null/home", "/proc/nowhere"])
def test_without_a_home_nothing_is_kept_and_nothing_goes_wrong(home, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", home)
    assert keep("one.so", b"made") is None
    assert found("one.so") is None


def test_user_of_whom_the_system_knows_no_home_keeps_nothing(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    assert keep("one.so", b"made") is None
    assert found("one.so") is None
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EACCES])
@pytest.mark.parametrize("call", [(tempfile, "mkstemp"), (os, "replace")], ids=["new", "rename"])
def test_disk_that_cannot_be_written_keeps_nothing_and_leaves_nothing(
    call, number, folder, monkeypatch
):
    keep("one.so", b"made")

    def refuse(*arguments, **settings):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(*call, refuse)
    assert keep("two.so", b"made") is None
    assert found("one.so")[1] == b"made"
    assert os.listdir(folder) == ["one.so"]


def test_interrupt_while_it_is_written_leaves_nothing(folder, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        keep("one.so", b"made")
    assert os.listdir(folder) == []


def test_what_killed_processes_left_is_removed_after_a_day(folder):
    keep("one.so", b"made")
    for name in ("making-old", "making-new"):
        (folder / name).write_bytes(b"half")
    past = (folder / "making-old").stat().st_mtime - BEYOND
    os.utime(folder / "making-old", (past, past))
    os.utime(folder / "one.so", (past, past))
    keep("two.so", b"made")
    assert sorted(os.listdir(folder)) == ["making-new", "one.so", "two.so"]


def test_seventeen_threads_that_keep_and_find_the_same_see_it_whole(folder):
    content, wrong = b"made" * 50_000, []

    def work():
        for _ in range(20):
            keep("one.so", content)
            if found("one.so")[1] != content:
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert os.listdir(folder) == ["one.so"]

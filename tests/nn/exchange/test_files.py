"""Files are there as they were or as they are to be, and never in between."""

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from nn.exchange import files

OLD, NEW = b"the old file", b"the new file"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(OLD)
    return path


def listed(path):
    return sorted(os.listdir(path.parent))


@pytest.mark.parametrize("as_given", [str, Path, os.fsencode])
def test_a_file_takes_the_place_of_the_old_one(path, as_given):
    files.write(as_given(path), NEW)
    assert path.read_bytes() == NEW
    assert listed(path) == [path.name]


def failing(error):
    def fail(*arguments, **named):
        raise error

    return fail


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_what_fails_or_is_interrupted_leaves_the_old_file_alone(path, monkeypatch, step, error):
    monkeypatch.setattr(os, step, failing(error))
    with pytest.raises(type(error)):
        files.write(path, NEW)
    assert path.read_bytes() == OLD
    assert listed(path) == [path.name]


def test_it_is_on_the_disk_before_it_has_its_name_and_so_is_the_name(path, monkeypatch):
    done, fsync, replace = [], os.fsync, os.replace
    folder = os.stat(path.parent).st_ino

    def watched_fsync(descriptor):
        found = os.fstat(descriptor)
        done.append("folder" if found.st_ino == folder else found.st_size)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", lambda *ends: (done.append("renamed"), replace(*ends)))
    files.write(path, NEW)
    assert done == [len(NEW), "renamed", "folder"]


KILLED = """
import os, signal, sys
from nn.exchange import files
os.replace = lambda *ends: os.kill(os.getpid(), signal.SIGKILL)
files.write(sys.argv[1], b"half")
"""


def test_what_a_killed_program_left_is_swept_away_by_the_next(path):
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(listed(path)) == 2
    assert path.read_bytes() == OLD
    files.write(path, NEW)
    assert listed(path) == [path.name]


def test_what_another_program_is_still_writing_is_not_swept_away(path, monkeypatch):
    replace = os.replace

    def meanwhile(*ends):
        monkeypatch.setattr(os, "replace", replace)
        files.write(path, b"from the other one")
        replace(*ends)

    monkeypatch.setattr(os, "replace", meanwhile)
    files.write(path, NEW)
    assert path.read_bytes() == NEW
    assert listed(path) == [path.name]


def test_many_that_save_at_once_leave_one_whole_file(path):
    contents = [bytes([65 + i]) * 100_000 for i in range(4)]
    threads = [
        threading.Thread(target=lambda c=c: [files.write(path, c) for _ in range(5)])
        for c in contents
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in contents
    assert listed(path) == [path.name]


def test_files_of_other_names_are_not_swept_away(path):
    others = [".other.model.saving", "model.safetensors.saving", ".model.safetensors.txt"]
    others += [".model.safetensors.notes.saving", f".model.safetensors.{'a' * 17}.saving"]
    for name in others:
        (path.parent / name).write_text("of somebody else")
    files.write(path, NEW)
    assert listed(path) == sorted([*others, path.name])


def test_behind_a_link_it_is_the_file_that_the_link_leads_to(path):
    link = path.parent / "latest"
    link.symlink_to(path.name)
    files.write(link, NEW)
    assert link.is_symlink()
    assert path.read_bytes() == NEW


def test_a_pipe_stays_one(path):
    pipe, link = path.parent / "pipe", path.parent / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe.name)
    for given in (pipe, link):
        with pytest.raises(OSError, match="in whose place no file is put"):
            files.write(given, NEW)
    assert pipe.is_fifo()
    assert listed(path) == ["link", path.name, "pipe"]


def test_the_new_file_may_be_read_by_those_who_could_read_the_old_one(path):
    path.chmod(0o600)
    files.write(path, NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_name_may_be_as_long_as_the_folder_allows(tmp_path):
    files.write(tmp_path / ("é" * 120), NEW)
    assert len(os.listdir(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("missing/model", FileNotFoundError, "there is no folder .*missing.*make it first"),
        (".", IsADirectoryError, "is a folder: give the name of a file in it"),
        ("model.safetensors/file", FileNotFoundError, "there is no folder"),
        ("/dev/null", OSError, "'/dev/null' is a device, a pipe or a socket"),
    ],
)
def test_where_no_file_can_be_is_said(path, name, error, message):
    with pytest.raises(error, match=message):
        files.write(path.parent / name, NEW)
    assert listed(path) == [path.name]


def test_a_folder_that_may_not_be_written_keeps_what_it_has(path, monkeypatch):
    path.parent.chmod(0o500)
    try:
        if os.access(path.parent, os.W_OK):  # Whoever may do everything is refused by hand.
            monkeypatch.setattr("builtins.open", failing(PermissionError(errno.EACCES, "denied")))
        with pytest.raises(PermissionError):
            files.write(path, NEW)
    finally:
        monkeypatch.undo()
        path.parent.chmod(0o700)
    assert path.read_bytes() == OLD
    assert listed(path) == [path.name]

"""How a compiler is run: it is ended with its children, and leaves nothing."""

import os
import subprocess
import sys
import time

import pytest

from autograd.compiler.machine import processes
from autograd.compiler.machine.compilers import compiler
from autograd.compiler.machine.processes import NoMachineCodeError, run
from tests.compiler.machine.small_programs import script


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
    monkeypatch.setattr(processes, "SECONDS", 0.5)
    monkeypatch.setenv("CC", str(hanging))
    for _ in range(2):
        with pytest.raises(NoMachineCodeError, match=r"did not end within 0\.5 seconds"):
            compiler()
    (started,) = child.read_text().split()
    assert ended(int(started))


def test_child_that_a_compiler_leaves_behind_is_not_waited_for(tmp_path, monkeypatch):
    leaving = script(tmp_path / "cc", "setsid sleep 300 & echo done")
    monkeypatch.setattr(processes, "SECONDS", 30.0)  # not 300
    assert run((str(leaving),), (), str(tmp_path)) == "done\n"


INTERRUPTED = """
import sys
from autograd.compiler.machine.processes import run
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

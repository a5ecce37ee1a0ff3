"""The child of a fork waits for no thread that it does not have."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks on this system")

# In another thread `hold` begins and stays in it; the child of a fork does `work` then.
SCRIPT = """
import os, signal, sys, threading, time
import numpy as np
import autograd.watching, autograd.locking, viz.svg.rendering
from autograd import Value, compiled
from nn import MLP, SGD

model = MLP(2, [2, 1], seed=0)
optimizer = SGD(model.parameters(), 0.1)
X = np.ones((3, 2))
inside, done = threading.Event(), threading.Event()

def stay():
    inside.set()
    done.wait(20.0)

def while_held(lock):
    with lock:
        stay()


program = compiled(lambda x: x * x)
program(X[:, 0])

{preparation}
thread = threading.Thread(target=lambda: {hold})
thread.start()
inside.wait()
child = os.fork()
if child == 0:
    signal.alarm(10)
    {work}
    os._exit(0)
_, status = os.waitpid(child, 0)
done.set()
thread.join()
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""

CASES = {
    "attributes are watched": ("", "while_held(autograd.watching._counting)", "model.tag = 1"),
    "a program runs": (
        "",
        "program.programs.exclusively(stay)",
        "assert program(X[:, 0]).tolist() == [1.0] * 3",
    ),
    "a drawing is made": (
        "",
        "while_held(viz.svg.rendering._lock)",
        "with viz.svg.rendering._lock: pass",
    ),
}


def run(preparation, hold, work):
    script = SCRIPT.format(preparation=preparation, hold=hold, work=work)
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script]
    return subprocess.run(command, check=False, timeout=60).returncode


@pytest.mark.parametrize("case", CASES)
def test_a_lock_that_another_thread_held_is_open_in_the_child(case):
    assert run(*CASES[case]) == 0


MOVING = """
def hold():
    with autograd.locking.moving:
        for p in model.parameters()[::2]:
            p.data = 7.0
        inside.set()
        time.sleep(0.2)
        for p in model.parameters():
            p.data = 7.0
"""


def test_the_child_has_the_numbers_before_a_step_or_after_it():
    work = "assert {p.data for p in model.parameters()} == {7.0}; optimizer.zero_grad()"
    assert run(MOVING, "hold()", work) == 0


HOLDING = """
with autograd.locking.moving:
    first = os.fork()
    if first == 0:
        signal.alarm(10)
        assert autograd.locking.moving._is_owned()
if first == 0:
    os._exit(0)
assert os.waitpid(first, 0)[1] == 0
"""


def test_a_thread_that_forks_while_it_holds_a_lock_holds_it_in_the_child_too():
    work = "assert not autograd.locking.moving._is_owned(); optimizer.zero_grad()"
    assert run(HOLDING, "inside.set()", work) == 0

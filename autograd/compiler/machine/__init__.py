"""Machine code: the statements of a program printed in C, compiled, and called."""

from __future__ import annotations

from autograd.compiler.lowering import Lowered
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.processes import NoMachineCodeError
from autograd.compiler.machine.source import CSource
from autograd.origin import warn

_said: set[str] = set()  # why nothing could be compiled


def source_in_c(lowered: Lowered, name: str) -> tuple[CSource | None, str]:
    """The program in C, compiled and loaded; or None, and why there is none.

    A warning says so too: of what machine code does not cover for each function, and why nothing
    can be compiled on this machine once.

    Parameters:
        name: of the function.
    """
    try:
        return CSource(lowered), ""
    except Uncovered as error:
        warn(f"{name} runs as a NumPy program, since {error}")
        return None, str(error)
    except NoMachineCodeError as error:
        why = str(error)
        if why not in _said:
            warn(f"what was to be machine code runs as a NumPy program: {why}")
            _said.add(why)
        return None, why

"""Machine code: the statements of a program printed in C, compiled, and called."""

from __future__ import annotations

import warnings

from autograd.compiler.lowering import Lowered
from autograd.compiler.machine.compilers import NoMachineCodeError
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.source import CSource

_warned = False


def source_in_c(lowered: Lowered) -> tuple[CSource | None, str]:
    """The program in C, compiled and loaded; or None, and why there is none.

    That nothing can be compiled on this machine is said once, in a warning.
    """
    try:
        return CSource(lowered), ""
    except Uncovered as error:
        return None, str(error)
    except NoMachineCodeError as error:
        why = str(error)
        global _warned
        if not _warned:
            _warned = True
            warnings.warn(
                f"what was to be machine code runs as a NumPy program: {why}",
                RuntimeWarning,
                stacklevel=2,
            )
        return None, why

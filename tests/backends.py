"""The backends that results are tested on: machine code where it can be made."""

import pytest

from autograd.compiler.machine.compilers import NoMachineCodeError, compiler


def reason() -> str:
    """Why no machine code can be made here; empty if it can."""
    try:
        compiler()
    except NoMachineCodeError as error:
        return str(error)
    return ""


WHY_NOT = reason()
needs_compiler = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT or "never")

COMPILED = ("numpy",) if WHY_NOT else ("numpy", "c")  # for a test that goes through them itself
# For a test of functions that machine code may not cover, which a warning says.
may_be_uncovered = pytest.mark.filterwarnings("ignore:.* runs as a NumPy program, since")
compiled_backends = ["numpy", pytest.param("c", marks=needs_compiler)]  # for a fixture
each_compiled = pytest.mark.parametrize("backend", compiled_backends)
each_backend = pytest.mark.parametrize("backend", [*compiled_backends, "eager"])

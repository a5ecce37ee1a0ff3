"""The table in C, in each width that the processor has."""

import pytest

from autograd.compiler.machine.compilers import NoMachineCodeError, compiler
from tests.compiler.machine.table_in_c import TableInC


@pytest.fixture(scope="session", params=[8, 4])
def table(request, tmp_path_factory):
    try:
        found = compiler()
    except NoMachineCodeError as error:
        pytest.skip(str(error))
    if request.param > found.width:
        pytest.skip("this processor has no vectors of 8 float64 (AVX-512)")
    return TableInC(found, request.param, tmp_path_factory.mktemp("table"))

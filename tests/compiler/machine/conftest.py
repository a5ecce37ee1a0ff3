"""The table in C, in each width that the processor has."""

import pytest

from autograd.compiler.machine.compilers import compiler
from tests.backends import WHY_NOT
from tests.compiler.machine.table_in_c import TableInC


@pytest.fixture(scope="session", params=[8, 4])
def table(request, tmp_path_factory):
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    found = compiler()
    if request.param > found.width:
        pytest.skip("this processor has no vectors of 8 float64 (AVX-512)")
    return TableInC(found, request.param, tmp_path_factory.mktemp("table"))

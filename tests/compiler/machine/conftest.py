"""The table in C, in each width that the processor has."""

import pytest

from autograd.compiler.machine import processes, shared
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


@pytest.fixture(autouse=True)
def _as_people_have_it(optimized):
    pass


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """The folder in which programs are kept, of a test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(processes.tempfile, "tempdir", None)
    monkeypatch.setattr(shared, "_FLAGS", ("-c", "-O1"))  # quick to compile
    return tmp_path / "cache" / "chainrule" / "programs"

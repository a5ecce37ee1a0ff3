"""Where NumPy runs instead of machine code, and a warning says so."""

import warnings

import numpy as np
import pytest

from autograd import Operation, Value, compiled
from autograd.compiler import machine
from nn import MLP, fit, hinge, predict
from tests.backends import needs_compiler
from tests.compiler.comparing import same
from tests.compiler.machine.small_programs import script

RANDOM = np.random.default_rng(0)
cube = Operation("cube", symbol="^3", forward=lambda x: x**3, partials=(lambda x, out: 3 * x**2,))


@needs_compiler
def test_an_operation_of_ones_own_runs_as_a_numpy_program():
    w = Value(0.5)
    numpy, c = (compiled(lambda x: cube(w * x), backend=backend) for backend in ("numpy", "c"))
    x = RANDOM.normal(size=5)
    with pytest.warns(RuntimeWarning, match="NumPy program, since cube is an") as warned:
        assert c(x).tolist() == numpy(x).tolist()
    assert len(warned) == 1
    assert same(c.value_and_gradient(x)[1], numpy.value_and_gradient(x)[1])
    assert repr(c).endswith(": a NumPy program, since cube is an operation of your own>")
    assert c.source == numpy.source


def test_of_what_machine_code_does_not_cover_fit_and_predict_warn_where_they_are_called():
    model, x = MLP(3, [2, 1], cube, seed=0), RANDOM.normal(size=(8, 3))
    y = np.sign(x[:, 0])
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("default")
        for _ in range(2):
            fit(model, x, y, loss=hinge, epochs=1, backend="c", progress=False)
        predict(model, x, backend="c")
    why = "runs as a NumPy program, since cube is an operation of your own"
    names = "loss_of_example", "loss_and_outputs_of_example", "result"
    assert [str(warning.message) for warning in warned] == [f"{name} {why}" for name in names]
    assert {warning.filename for warning in warned} == {__file__}
    assert warned[0].lineno == warned[1].lineno == warned[2].lineno - 1


@needs_compiler
def test_the_slopes_of_a_point_are_warned_of_where_they_are_asked_for():
    f = compiled(lambda x: cube(x[0]) * x[1], backend="c")
    with pytest.warns(RuntimeWarning, match="NumPy program, since cube is an") as warned:
        f.value_and_gradient_at(np.array([2.0, 3.0]))
    assert {warning.filename for warning in warned} == {__file__}


def test_another_reason_is_another_warning(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "_said", set())
    w, x = Value(0.5), RANDOM.normal(size=5)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for code in (1, 2, 1):
            monkeypatch.setenv("CC", str(script(tmp_path / f"cc{code}", f"exit {code}")))
            compiled(lambda x: w * x, backend="c")(x)
    first, second = (str(warning.message) for warning in warned)
    assert "code 1" in first
    assert "code 2" in second


def test_where_warnings_are_errors_it_is_one_each_time(monkeypatch):
    monkeypatch.setattr(machine, "_said", set())
    monkeypatch.setenv("CC", "no-such-compiler")
    w, x = Value(0.5), RANDOM.normal(size=5)
    f = compiled(lambda x: w * x, backend="c")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(2):
            with pytest.raises(RuntimeWarning, match="no-such-compiler"):
                f(x)
    with pytest.warns(RuntimeWarning, match="no-such-compiler"):
        np.testing.assert_array_equal(f(x), 0.5 * x)


def test_without_a_compiler_numpy_runs_and_one_warning_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("CC", str(script(tmp_path / "cc", "echo broken >&2; exit 1")))
    monkeypatch.setattr(machine, "_said", set())
    w, x = Value(0.5), RANDOM.normal(size=5)
    with pytest.warns(RuntimeWarning, match="runs as a NumPy program: .*unset CC") as warned:
        found = [compiled(lambda x, k=k: k * w * x, backend="c")(x) for k in (1.0, 2.0)]
    (warning,) = warned
    assert warning.filename == __file__
    np.testing.assert_array_equal(found, [0.5 * x, x])

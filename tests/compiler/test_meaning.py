"""The sources compute what the statements mean: the data say all that a printer needs."""

from typing import Any

import numpy as np
import pytest

from autograd.compiler.lowering import Lowered
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.source import CSource
from autograd.compiler.numpy_source import NumpySource
from tests.backends import needs_compiler
from tests.compiler.interpreting import Numbers, interpreted
from tests.compiler.program_cases import GENERATOR, NAMED, Case, numbers, random_cases


def run(program: Lowered, theta: np.ndarray, given: list[np.ndarray], batch: int) -> Numbers:
    """What the source computes."""
    gradient = np.zeros(len(theta))
    bound = NumpySource(program).bind(theta, gradient, batch)
    bound.forward(*given)
    output = bound.output.copy()
    if bound.seed is not None:
        bound.seed[...] = 1.0
        bound.backward(*given)
    return Numbers(output, gradient, [array for _, _, array in bound.gradients])


def check(case: Case) -> None:
    for inputs, batch in ((False, 1), (False, 3), (True, 1)):
        program = case.lowered(inputs)
        theta, given = numbers(program, batch)
        state = GENERATOR.bit_generator.state
        expected = interpreted(program, theta, given, batch)
        GENERATOR.bit_generator.state = state
        found = run(program, theta, given, batch)
        for one, other in zip(_arrays(found), _arrays(expected), strict=True):
            size = np.abs(other[np.isfinite(other)]).max(initial=1.0)
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12 * size)


def check_machine_code(case: Case) -> None:
    """With the NumPy program, in batches that fill vectors in part."""
    for inputs in (False, True):
        program = case.lowered(inputs)
        single = program.seed is not None
        sources = NumpySource(program), CSource(program)
        for batch in (1, 3, 19) if program.given else (1,):
            theta, given = numbers(program, batch)
            state = GENERATOR.bit_generator.state
            expected = outputs_and_slopes(sources[0], theta, given, batch, single)
            GENERATOR.bit_generator.state = state
            found = outputs_and_slopes(sources[1], theta, given, batch, single)
            size = np.abs(expected[np.isfinite(expected)]).max(initial=1.0)
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12 * size)


def outputs_and_slopes(
    source: Any, theta: np.ndarray, given: list[np.ndarray], batch: int, slopes_too: bool
) -> np.ndarray:
    """All numbers of a program as it is called."""
    gradient = np.zeros(len(theta))
    bound = source.bind(theta, gradient, batch)
    found = [bound.outputs(given).copy()]
    if slopes_too:
        found += [np.array(bound.weighted(given, 0.5)), gradient]
        found += [slopes[:, :batch] for *_, slopes in bound.gradients]
    return np.concatenate([x.ravel() for x in found])


def _arrays(found: Numbers) -> list[np.ndarray]:
    return [found.output, found.gradient, *found.slopes]


@pytest.mark.parametrize("case", NAMED.values(), ids=NAMED)
def test_the_source_computes_what_the_statements_mean(case):
    check(case)


@pytest.mark.parametrize("case", [*random_cases(10)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_random_sources_compute_what_the_statements_mean(case):
    check(case)


@needs_compiler
@pytest.mark.parametrize("case", NAMED.values(), ids=NAMED)
def test_machine_code_computes_the_same(case):
    check_machine_code(case)


@needs_compiler
@pytest.mark.parametrize("case", [*random_cases(8)])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_random_machine_code_computes_the_same(case):
    try:
        check_machine_code(case)
    except Uncovered as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("wrong", [np.inf, -np.inf, np.nan])
def test_absent_rows_are_of_no_product(wrong):
    program = NAMED["attention"].lowered()
    theta, (given,) = numbers(program, 3)
    given[30, 1] = wrong  # of a late position
    with np.errstate(all="ignore"):
        found, expected = (f(program, theta, [given], 3) for f in (run, interpreted))
    for one, other in zip(_arrays(found), _arrays(expected), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert np.isfinite(found.output[0, [0, 2]]).all()

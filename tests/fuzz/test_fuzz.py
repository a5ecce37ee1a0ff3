"""Random programs give the same numbers in every way of computing them."""

from collections.abc import Sequence

import pytest

from autograd import TABLE
from autograd.compiler.backends import Backend
from tests.backends import COMPILED, may_be_uncovered
from tests.fuzz.agreement import disagreements
from tests.fuzz.expectations import by_engine, slopes
from tests.fuzz.programs import Program, random_program, smallest


def complaint(program: Program, large: bool, backends: Sequence[Backend]) -> str:
    return next(disagreements(program, large, backends), "")


def check(seed: int) -> None:
    program, large = random_program(seed), seed % 16 == 0
    backends = COMPILED if seed % 4 == 0 else COMPILED[:1]  # each takes a compiler a while
    if complaint(program, large, backends):
        least = smallest(program, lambda candidate: bool(complaint(candidate, large, backends)))
        said = complaint(least, large, backends)
        pytest.fail(f"program {seed}, made smaller:\n{least}\n# {said}")


@pytest.mark.usefixtures("optimized")
@pytest.mark.parametrize("block", range(10))
def test_random_programs_agree(block):
    for seed in range(10 * block, 10 * block + 10):
        check(seed)


@may_be_uncovered
@pytest.mark.usefixtures("optimized")
@pytest.mark.slow
@pytest.mark.parametrize("block", range(100))
def test_many_random_programs_agree(block):
    for seed in range(1000 + 50 * block, 1000 + 50 * block + 50):
        check(seed)


def test_random_programs_have_every_row_and_few_numbers_that_nobody_knows():
    programs = [random_program(seed) for seed in range(400)]
    assert {step.row for program in programs for step in program.steps} == set(TABLE.values())
    slopes_of = [by_engine(program, slopes(program)) for program in programs[:100]]
    unsure = sum(int(expected.unsure.sum()) for expected in slopes_of)
    assert unsure < 0.1 * sum(expected.numbers.size for expected in slopes_of)

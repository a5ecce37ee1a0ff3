"""Machine code does in one statement what takes NumPy several: the numbers are the same."""

import numpy as np
import pytest

from autograd.compiler.machine.joined import joined
from autograd.compiler.machine.statements import ScatteredProduct, SummedProduct
from autograd.compiler.statements import Copy, Product, Reduce, Take
from autograd.compiler.views import View
from tests.compiler.interpreting import Memory, run
from tests.compiler.program_cases import NAMED, each_interpreted, random_cases

CASES = {**NAMED, **{f"random {i}": case for i, case in enumerate(random_cases(3))}}


def joined_program(case, inputs=False):
    """The program with all its statements joined, as if all of them were forward ones."""
    program = case.lowered(inputs)
    seeded = [Copy(program.seed, 1.0)] if program.seed else []
    program.forward = joined([*program.forward, *seeded, *program.backward])
    program.backward, program.seed = [], None
    return program


@run.register
def _(product: SummedProduct, memory: Memory) -> None:
    left, right = memory.read(product.left), memory.read(product.right)
    axes = tuple(i for i, n in enumerate(product.out.shape[:-2]) if n == 1)
    memory.write(product.out, (left @ right).sum(axis=axes, keepdims=True))


@run.register
def _(product: ScatteredProduct, memory: Memory) -> None:
    shape, strides = product.table
    places = View(product.out.buffer, 0, shape, strides).places()
    rows = np.array(product.rows)[places]
    there = np.broadcast_to(rows >= 0, (memory.batch, *rows.shape))

    def scattered(buffer):
        """Its numbers, the examples first; NaN for those that are not there."""
        found = np.full((memory.batch, *rows.shape), np.nan)
        for at in np.argwhere(rows >= 0):
            found[:, *at] = memory.at(buffer, [rows[tuple(at)]])[0]
        return found

    if product.scattered == "out":
        result = memory.read(product.left) @ memory.read(product.right)
        for at in np.argwhere(rows >= 0):
            memory.put(product.out.buffer, [rows[tuple(at)]], slice(None), result[:, *at])
        return
    if product.scattered == "left":
        left, right = scattered(product.left.buffer), memory.read(product.right)
        terms = np.where(there[..., None], left[..., None] * right[..., None, :, :], 0.0)
    else:
        left, right = memory.read(product.left), scattered(product.right.buffer)
        terms = np.where(there[..., None, :, :], left[..., None] * right[..., None, :, :], 0.0)
    memory.write(product.out, terms.sum(axis=-2))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("inputs", [False, True])
def test_joining_changes_no_number(case, inputs):
    programs = case.lowered(inputs), joined_program(case, inputs)
    np.testing.assert_allclose(*each_interpreted(programs, 3), rtol=1e-12, atol=1e-12)


def test_attention_copies_nothing():
    plain, program = NAMED["attention"].lowered(), joined_program(NAMED["attention"])
    copies = [s for s in (*plain.forward, *plain.backward) if isinstance(s, Take) and -1 in s.rows]
    assert copies, "what is not seen is absent"
    statements = [*program.forward, *program.backward]
    assert not [s for s in statements if isinstance(s, Take) and -1 in s.rows]
    sides = sorted(s.scattered for s in statements if isinstance(s, ScatteredProduct))
    assert sides == ["left", "left", "left", "out", "out", "right"]
    assert not any(view.buffer.absent for s in statements for view in s.views())


def test_gradients_of_weights_that_several_positions_share_are_summed_at_once():
    case = next(c for c in CASES.values() if of(SummedProduct, joined_program(c)))
    plain, program = case.lowered(), joined_program(case)
    fewer = len(of(Product, plain)) - len(of(Product, program))
    assert fewer == len(of(SummedProduct, program))
    assert len(of(Reduce, plain)) - len(of(Reduce, program)) == fewer


def of(kind, program):
    return [s for s in (*program.forward, *program.backward) if type(s) is kind]

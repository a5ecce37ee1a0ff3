"""NumPy's products on arrays of Values: its numbers, its gradients, and compiled to products."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value, compiled, gradient
from autograd.compiler.statements import Product, Take
from autograd.structure import apply, flatten
from tests.backends import each_compiled
from tests.compiler.comparing import gradient_of, same
from tests.compiler.reading import made, of

RANDOM = np.random.default_rng(0)


def parameters(*shape: int) -> Any:
    """An array of Values."""
    return np.array(apply(Value, RANDOM.normal(size=shape).tolist()))


PARAMETERS = {
    "W": parameters(4, 3),
    "V": parameters(2, 4),
    "A": parameters(3, 2),
    "b": parameters(4),
    "beta": parameters(3),
    "s": Value(0.75),
}
LEAVES = [leaf for group in PARAMETERS.values() for leaf in flatten(group)]
DATA = RANDOM.normal(size=(7, 3)).round(1)
ONES = np.column_stack([np.ones(7), DATA[:, :2], DATA[:, 1] > 0.0])
VECTORS, MATRICES, LARGE = (RANDOM.normal(size=(5, *shape)) for shape in ((3,), (3, 2), (8, 4)))


FUNCTIONS = ["tanh", "dot", "einsum", "outer", "trace", "var"]


class Case(NamedTuple):
    """A function of the parameters and an example, and the products that it is compiled to.

    `products`: the shapes of the two sides of each, on the way forward.
    """

    f: Callable[..., Any]
    example: Any
    products: list[str]


# fmt: off
CASES = {
    "a layer": Case(lambda p, x: p.tanh(p.W @ x + p.b), VECTORS,
                    ["(4, 4) (4, batch)"]),
    "its sum": Case(lambda p, x: (p.W @ x).sum(), VECTORS, ["(4, 3) (3, batch)"]),
    "its mean": Case(lambda p, x: (p.W @ x + p.b).mean(), VECTORS,
                     ["(4, 4) (4, batch)"]),
    "Python's sum of it": Case(lambda p, x: sum(p.W @ x), VECTORS,
                               ["(4, 3) (3, batch)"]),
    "np.dot": Case(lambda p, x: p.dot(p.W, x), VECTORS, ["(4, 3) (3, batch)"]),
    "np.einsum": Case(lambda p, x: p.einsum("ij,j->i", p.W, x), VECTORS,
                      ["(4, 3) (3, batch)"]),
    "two layers": Case(lambda p, x: p.V @ p.tanh(p.W @ x), VECTORS,
                       ["(4, 3) (3, batch)", "(2, 4) (4, batch)"]),
    "from the left": Case(lambda p, x: x @ p.A, VECTORS, ["(2, 3) (3, batch)"]),
    "turned": Case(lambda p, x: p.A.T @ x, VECTORS, ["(2, 3) (3, batch)"]),
    "weights times an example's matrix": Case(
        lambda p, M: p.W @ M, MATRICES, ["(1, 4, 3) (2, 3, batch)"]),
    "its sum over an axis": Case(
        lambda p, M: (p.W @ M).sum(axis=0), MATRICES, ["(1, 4, 3) (2, 3, batch)"]),
    "an example's matrix times coefficients": Case(
        lambda p, M: M.T @ p.beta, MATRICES, ["(1, 1, 3) (2, 3, batch)"]),
    "two matrices of weights": Case(lambda p, x: (p.W @ p.A) @ x[:2], VECTORS,
                                    ["(4, 3) (3, 2)", "(4, 2) (2, batch)"]),
    "three": Case(lambda p, x: (p.V @ (p.W @ p.A)) @ x[:2], VECTORS,
                  ["(4, 3) (3, 2)", "(2, 4) (4, 2)", "(2, 2) (2, batch)"]),
    "data times coefficients": Case(lambda p, x: p.data @ p.beta, VECTORS,
                                    ["(7, 3) (3, 1)"]),
    "their squares' sum": Case(lambda p, x: ((p.data @ p.beta - p.s) ** 2).sum(),
                               VECTORS, ["(7, 3) (3, 1)"]),
    "data with ones": Case(lambda p, x: p.tanh(p.ones @ p.b), VECTORS,
                           ["(7, 4) (4, 1)"]),
    "data and an intercept": Case(lambda p, x: p.tanh(p.data @ p.beta + p.s), VECTORS,
                                  ["(7, 4) (4, 1)"]),
    "coefficients times data": Case(lambda p, x: p.beta @ p.data.T, VECTORS,
                                    ["(7, 3) (3, 1)"]),
    "all pairs of an example's columns": Case(
        lambda p, M: p.s - M.T @ M, LARGE, ["(batch, 4, 8) (batch, 8, 4)"]),
    "Hadamard": Case(lambda p, M: p.A * M, MATRICES, []),
    "a sum of matrices": Case(lambda p, M: p.A + M - 1.0, MATRICES, []),
    "a column for all": Case(lambda p, M: M + p.beta[:, None], MATRICES, []),
    "a number for all": Case(lambda p, M: p.s * M + 2.0 * p.A, MATRICES, []),
    "outer": Case(lambda p, x: p.outer(p.b, x), VECTORS, []),
    "sums by column": Case(lambda p, M: (p.A * M).sum(axis=0), MATRICES, []),
    "variance": Case(lambda p, M: p.var(p.s * M, axis=0), MATRICES, []),
    "trace and powers": Case(lambda p, x: p.trace((p.A @ p.W[:2]) ** 2), VECTORS,
                             []),
}
# fmt: on
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def in_numpy(case: Case, x: Any, **parameters: Any) -> Any:
    """By NumPy's functions, which are given the Values, or plain numbers in their place."""
    functions = {name: getattr(np, name) for name in FUNCTIONS}
    given = PARAMETERS | {"data": DATA, "ones": ONES} | functions | parameters
    return case.f(SimpleNamespace(**given), np.array(x))


def loss(case: Case) -> Callable[..., Any]:
    """A number of all its results, in which each counts differently."""

    def compute(x: Any) -> Any:
        return sum((1.0 + i) * y.tanh() for i, y in enumerate(np.ravel(in_numpy(case, x))))

    return compute


@each_case
@each_compiled
def test_numbers_are_those_of_plain_numbers(case, backend):
    plain = {name: np.array(values, dtype=float) for name, values in PARAMETERS.items()}
    expected = np.array([in_numpy(case, x, **plain) for x in case.example])
    program = compiled(lambda x: np.array(in_numpy(case, x)).tolist(), backend=backend)
    by_engine = np.array([np.array(in_numpy(case, x), dtype=float) for x in case.example])
    assert same(by_engine, expected)
    assert same(program(case.example), expected)


@each_case
@each_compiled
def test_gradients_are_the_same_eagerly_and_compiled(case, backend):
    slopes = [[g.data for g in gradient(loss(case)(x), LEAVES)] for x in case.example]
    output = compiled(loss(case), backend=backend).mean(case.example)
    assert same(gradient_of(output, LEAVES), np.mean(slopes, axis=0))


@each_case
def test_gradients_are_those_of_pytorch(case):
    torch = pytest.importorskip("torch")
    leaves = {
        name: torch.tensor(np.array(values, dtype=float), requires_grad=True)
        for name, values in PARAMETERS.items()
    }
    given = {"data": torch.tensor(DATA), "ones": torch.tensor(ONES)}
    given |= {name: getattr(torch, name) for name in FUNCTIONS}
    given |= {"dot": torch.matmul, "var": lambda x, axis: torch.var(x, axis, correction=0)}
    x = case.example[0]
    made = case.f(SimpleNamespace(**leaves, **given), torch.tensor(x)).reshape(-1)
    (torch.arange(1.0, len(made) + 1.0, dtype=torch.float64) * made.tanh()).sum().backward()
    expected = [
        (p.grad if p.grad is not None else torch.zeros_like(p)).reshape(-1) for p in leaves.values()
    ]
    found = [g.data for g in gradient(loss(case)(x), LEAVES)]
    assert same(found, torch.cat(expected).numpy())


def shapes(product: Product) -> str:
    return " ".join(repr(side).removeprefix(side.name) for side in (product.left, product.right))


@each_case
def test_products_are_numpys_and_nothing_is_copied_for_them(case):
    graph = made(lambda x: np.ravel(in_numpy(case, x)).tolist(), case.example.shape[1:])
    found = of(Product, graph.forward)
    assert [shapes(product) for product in found] == case.products
    taken = {x.out.buffer for x in of(Take, graph.forward) if x.source.buffer.kind != "given"}
    assert taken.isdisjoint(side.buffer for x in found for side in (x.left, x.right))


BACKWARD = {
    "a layer": (lambda W, A, x: (W @ x).sum(), ["(4, batch) (batch, 3)"]),
    "two matrices": (
        lambda W, A, x: (W @ A).sum() * x[0], ["(4, 2) (2, 3)", "(3, 4) (4, 2)"]),
    "data": (lambda W, A, x: (DATA @ W[0]).sum() * x[0], ["(3, 7) (7, 1)"]),
}  # fmt: skip


@pytest.mark.parametrize(("f", "products"), BACKWARD.values(), ids=BACKWARD)
def test_gradients_of_products_are_products(f, products):
    backward = made(lambda x: f(PARAMETERS["W"], PARAMETERS["A"], np.array(x)), (3,)).backward
    assert [shapes(x) for x in of(Product, backward)] == products


@pytest.mark.parametrize("shape", [(7, 3), (2, 2), (40, 1)], ids=str)
def test_least_squares_of_a_data_matrix_is_that_of_numpy(shape):
    X, y = RANDOM.normal(size=shape), RANDOM.normal(size=shape[0])
    coefficients = parameters(shape[1])
    loss = compiled(lambda: ((X @ coefficients - y) ** 2).sum())
    X1 = X.T @ X
    for _ in range(2):  # Newton's method ends after one step, which the other one shows
        output = loss.sum()
        slopes = gradient_of(output, coefficients)
        for p, step in zip(coefficients, np.linalg.solve(2.0 * X1, slopes), strict=True):
            p.data -= step
    expected = np.linalg.lstsq(X, y)[0]
    assert [p.data for p in coefficients] == pytest.approx(expected.tolist(), rel=1e-9)


def test_program_of_a_matrix_product_grows_with_what_it_says_and_not_with_the_matrix():
    lengths = []
    for size in (4, 12):
        U, X = parameters(size, size), RANDOM.normal(size=(3, size))
        f = compiled(lambda x, U=U: np.tanh(U @ np.array(x)).sum())
        f.mean(X).backward()
        lengths.append(len(f.source.splitlines()))
    assert lengths[0] == lengths[1]


@pytest.mark.parametrize("number", [0.5, np.inf, np.nan], ids=str)
def test_what_is_not_wanted_of_a_product_of_parameters_makes_no_nan(number):
    left, right = parameters(3, 2), parameters(2, 3)
    left[2, 0].data = number
    leaves = [*left.flat, *right.flat]

    def triangle(x: Any) -> Any:
        product = left @ right
        return sum(product[i, j].exp() * x for i in range(3) for j in range(i + 1))

    program = compiled(triangle)
    found = gradient_of(program.mean(np.array([2.0])), leaves)
    expected = [slope.data for slope in gradient(triangle(2.0), leaves)]
    assert found.tolist() == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert "(3, 2) @ (2, 3)" in program.source

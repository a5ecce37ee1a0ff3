"""The expression of micrograd's README: its value and gradient at one point."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import Value, compiled
from benchmarks.measuring import Finding, peer, race, show_times

POINT = (-4.0, 2.0)
COMPILED = "chainrule compiled"
AT_MOST = {
    "jax.jit": 0.2,
    "PyTorch": 0.03,
    "chainrule eager": 0.1,
    "casadi": None,
    "micrograd": None,
}

Answer = tuple[float, tuple[float, float]]


def expression(a: Any, b: Any, relu: Callable[[Any], Any] = lambda x: x.relu()) -> Any:
    """Line by line as in the README."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + relu(b + a)
    d += 3 * d + relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def in_chainrule() -> Callable[[], Answer]:
    function = compiled(expression)
    return lambda: function.value_and_gradient_at(*POINT)


def in_values(value_type: Any) -> Callable[[], Answer]:
    """The eager engine's way, ours and micrograd's."""

    def answer() -> Answer:
        a, b = map(value_type, POINT)
        g = expression(a, b)
        g.backward()
        return g.data, (a.grad, b.grad)

    return answer


def in_torch(torch: Any) -> Callable[[], Answer]:
    def answer() -> Answer:
        a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in POINT)
        g = expression(a, b)
        g.backward()
        return g.item(), (a.grad.item(), b.grad.item())

    return answer


def in_jax(jax: Any) -> Callable[[], Answer]:
    jax.config.update("jax_enable_x64", True)
    function = jax.jit(jax.value_and_grad(lambda a, b: expression(a, b, jax.nn.relu), (0, 1)))

    def answer() -> Answer:
        value, (a, b) = function(*POINT)
        return float(value), (float(a), float(b))

    return answer


def in_casadi(casadi: Any) -> Callable[[], Answer]:
    a, b = casadi.SX.sym("a"), casadi.SX.sym("b")
    g = expression(a, b, lambda x: casadi.fmax(x, 0))
    function = casadi.Function("g", [a, b], [g, casadi.gradient(g, a), casadi.gradient(g, b)])

    def answer() -> Answer:
        value, in_a, in_b = function(*POINT)
        return float(value), (float(in_a), float(in_b))

    return answer


def contestants() -> dict[str, Callable[[], Answer]]:
    """All that are installed."""
    found = {COMPILED: in_chainrule(), "chainrule eager": in_values(Value)}
    for name, module, make in (
        ("jax.jit", "jax", in_jax),
        ("PyTorch", "torch", in_torch),
        ("casadi", "casadi", in_casadi),
        ("micrograd", "micrograd.engine", lambda engine: in_values(engine.Value)),
    ):
        if installed := peer(module):
            found[name] = make(installed)
    return found


def check_equal(found: dict[str, Callable[[], Answer]]) -> None:
    """Raise if values or gradients differ."""
    value, gradient = found[COMPILED]()
    for name, answer in found.items():
        other, other_gradient = answer()
        for mine, its in zip((value, *gradient), (other, *other_gradient), strict=True):
            if not abs(mine - its) <= 1e-9 * abs(mine):
                raise AssertionError(f"{name} computes something else: {its} instead of {mine}")


def run(rounds: int) -> list[Finding]:
    """Measure the expression."""
    found = contestants()
    check_equal(found)
    times = race(found, rounds)
    work = "micrograd's README expression"
    show_times(work, times, COMPILED)
    findings = []
    for name, share in AT_MOST.items():
        if name in found:
            bound = {} if share is None else {"at_most": share}
            ratio = times.ratio(COMPILED, name)
            findings.append(Finding(work, f"{COMPILED} / {name}", ratio, **bound))
    return findings

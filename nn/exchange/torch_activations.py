"""The operations of one operand, and others of a list, as modules of PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Given the package torch, for those that PyTorch has as modules.
_MODULES: dict[str, Callable[[Any], Any]] = {
    "relu": lambda torch: torch.nn.ReLU(),
    "leaky_relu": lambda torch: torch.nn.LeakyReLU(0.01),
    "elu": lambda torch: torch.nn.ELU(),
    "gelu": lambda torch: torch.nn.GELU(),
    "silu": lambda torch: torch.nn.SiLU(),
    "sigmoid": lambda torch: torch.nn.Sigmoid(),
    "tanh": lambda torch: torch.nn.Tanh(),
    "softmax": lambda torch: torch.nn.Softmax(-1),
    "log_softmax": lambda torch: torch.nn.LogSoftmax(-1),
    # Beyond the threshold it is x; PyTorch's own, 20, is too low for float64.
    "softplus": lambda torch: torch.nn.Softplus(threshold=40.0),
}


def _cbrt(torch: Any, x: Any) -> Any:
    """Each side by itself, so that the derivative at 0 is infinite and not NaN."""
    left = x < 0.0
    below = torch.where(left, -x, 1.0) ** (1.0 / 3.0)
    return torch.where(left, -below, torch.where(left, 1.0, x) ** (1.0 / 3.0))


_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "negate": lambda torch, x: -x,
    "cbrt": _cbrt,
    "step": lambda torch, x: torch.sign(torch.relu(x)),
    "sign": lambda torch, x: torch.where(x != x, torch.nan, torch.sign(x)),
    # Not 1 / cosh(x)**2, whose derivative is NaN where cosh(x) is infinite.
    "sech_squared": lambda torch, x: 4.0 * torch.sigmoid(2.0 * x) * torch.sigmoid(-2.0 * x),
}

# What PyTorch calls as the table of operations does.
_SAME_NAME = [
    *("absolute", "exp", "exp2", "expm1", "log", "log10", "log1p", "log2", "sqrt", "sin", "cos"),
    *("tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "arcsinh", "arccosh", "arctanh"),
    *("erf", "erfc", "floor", "ceil"),
]


def _named(name: str) -> Callable[[Any, Any], Any]:
    return lambda torch, x: getattr(torch, name)(x)


_FUNCTIONS |= {name: _named(name) for name in _SAME_NAME}

ACTIVATIONS = {*_MODULES, *_FUNCTIONS}


def activation(torch: Any, name: str) -> Any:
    """A module that applies an operation to each number."""
    if name in _MODULES:
        return _MODULES[name](torch)
    return traced(torch, name.title(), {}, lambda self, x: _FUNCTIONS[name](torch, x))


def traced(torch: Any, name: str, parts: dict[str, Any], forward: Callable[..., Any]) -> Any:
    """A module of some parts that PyTorch can copy, pickle and print, as it knows what it computes.

    Parameters:
        name: of its class.
        parts: its attributes.
        forward: its function, of the module itself and the input.
    """
    # A function without types, since PyTorch would write those of `forward` into what is pickled.
    module = type(name, (torch.nn.Module,), {"forward": lambda self, x: forward(self, x)})()
    for attribute, part in parts.items():
        setattr(module, attribute, part)
    return torch.fx.symbolic_trace(module)

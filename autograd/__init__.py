"""Chainrule's engine: scalar reverse-mode automatic differentiation."""

from autograd import copying as copying
from autograd import installation as installation
from autograd.checking import AnomalyError, GradientError, check_gradients, detect_anomaly
from autograd.compiler import CompilationError, compiled
from autograd.context import no_grad, scope
from autograd.differentiation import gradient
from autograd.explanation import Explanation, explain
from autograd.graph import topological_order
from autograd.operation import Operation
from autograd.operations import *  # noqa: F403 - every row of the table is a public function
from autograd.operations import TABLE
from autograd.randomness import uniform
from autograd.transforms import derivative, hessian, hvp, jacobian, jvp, vjp
from autograd.value import Value, constant

__all__ = [
    "TABLE",
    "AnomalyError",
    "CompilationError",
    "Explanation",
    "GradientError",
    "Operation",
    "Value",
    "check_gradients",
    "compiled",
    "constant",
    "derivative",
    "detect_anomaly",
    "explain",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "no_grad",
    "scope",
    "topological_order",
    "uniform",
    "vjp",
    *TABLE,
]

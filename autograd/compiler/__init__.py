"""The compiler: the scalar graph of one example -> a NumPy program for a batch."""

from autograd.compiler.errors import CompilationError
from autograd.compiler.function import Compiled, compiled

__all__ = ["CompilationError", "Compiled", "compiled"]

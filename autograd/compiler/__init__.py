"""The compiler: the scalar graph of one example -> a NumPy program for a batch."""

from autograd.compiler.function import Compiled, compiled
from autograd.compiler.recording import CompilationError

__all__ = ["CompilationError", "Compiled", "compiled"]

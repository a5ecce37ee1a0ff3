"""The compiler: the scalar graph of one example -> a NumPy program for a batch."""

from autograd.compiler.errors import CompilationError
from autograd.compiler.function import Backend, Compiled, checked_backend, compiled

__all__ = ["Backend", "CompilationError", "Compiled", "checked_backend", "compiled"]

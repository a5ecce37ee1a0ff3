"""The compiler: the scalar graph of one example -> a NumPy program for a batch."""

from autograd.compiler.backends import Backend, checked_backend
from autograd.compiler.decorator import compiled
from autograd.compiler.errors import CompilationError
from autograd.compiler.function import Compiled

__all__ = ["Backend", "CompilationError", "Compiled", "checked_backend", "compiled"]

"""The one error of the compiler."""


class CompilationError(TypeError):
    """A function that cannot be compiled: its graph would depend on the example's numbers."""

"""Each operation of the table as a loop in C, compiled by the compiler that is there."""

import ctypes
import subprocess
from pathlib import Path

import numpy as np

from autograd.compiler.machine.compilers import FLAGS, Compiler
from autograd.compiler.machine.coverage import Uncovered
from autograd.compiler.machine.expressions import FUNCTIONS, expression
from autograd.operations import TABLE

WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wno-psabi")
AVX2 = ("-mavx2", "-mfma", "-mno-avx512f")  # also where the processor has wider vectors
_LOOP = """
void loop_{name}(const double *const *x, double *to, Count size) {{
    for (Count v = 0; v < size; v += WIDTH)
        *(Unaligned *)(to + v) = {text};
}}
"""
_REFEREE = """
extern long double erfl(long double), erfcl(long double);
void long_erf(const long double *x, long double *to, Count size) {
    for (Count v = 0; v < size; v++) to[v] = erfl(x[v]);
}
void long_erfc(const long double *x, long double *to, Count size) {
    for (Count v = 0; v < size; v++) to[v] = erfcl(x[v]);
}
"""


_NOT_HERE = ("-w", "-fvisibility=hidden")  # Warnings are to be seen, and functions to be found.


def _loops() -> str:
    texts = []
    for name, op in TABLE.items():
        operands = [f"(*(const Unaligned *)(x[{i}] + v))" for i in range(op.arity or 3)]
        try:
            texts.append(_LOOP.format(name=name, text=expression(op, operands)))
        except Uncovered:
            continue
    return "".join(texts)


class TableInC:
    """The operations in vectors of a width."""

    def __init__(self, compiler: Compiler, width: int, folder: Path) -> None:
        self.width = width
        source, library = folder / "table.c", folder / "table.so"
        source.write_text(f"#define WIDTH {width}\n{FUNCTIONS}{_loops()}{_REFEREE}", "utf-8")
        command = [x for x in (*compiler.command, *FLAGS) if x not in _NOT_HERE]
        flags = [*WARNINGS, *(AVX2 if width == 4 else ()), "-shared", "-fPIC"]
        done = subprocess.run(
            [*command, *flags, str(source), "-o", str(library), "-lm"],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        self._library = ctypes.CDLL(str(library))

    def __call__(self, name: str, *operands: np.ndarray) -> np.ndarray:
        """The operation of these arrays, which have one axis and the same length."""
        size = len(operands[0])
        whole = -(-size // self.width) * self.width
        arrays = [np.pad(x, (0, whole - size)) for x in operands]
        pointers = (ctypes.c_void_p * len(arrays))(*[x.ctypes.data for x in arrays])
        result = np.empty(whole)
        to = ctypes.c_void_p(result.ctypes.data)
        self._library[f"loop_{name}"](pointers, to, ctypes.c_long(whole))
        return result[:size]

    def in_long_double(self, name: str, x: np.ndarray) -> np.ndarray:
        """`erf` or `erfc` in the C library's widest numbers, which NumPy has not."""
        x = np.ascontiguousarray(x, np.longdouble)
        result = np.empty_like(x)
        from_, to = (ctypes.c_void_p(a.ctypes.data) for a in (x, result))
        self._library[f"long_{name}"](from_, to, ctypes.c_long(x.size))
        return result

"""Machine code: the statements of a program printed in C, compiled, and called."""

"""What machine code does not cover."""


class Uncovered(Exception):
    """Why a program runs in NumPy after all."""

"""A lint of trainings: what is known to go wrong is looked for, and said with a number."""

from nn.training.linting.findings import Finding, Findings
from nn.training.linting.linter import Linter, lint

__all__ = ["Finding", "Findings", "Linter", "lint"]

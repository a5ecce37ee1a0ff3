"""Packages that only some need: imported where they are used, and named if they are missing."""

from __future__ import annotations

import importlib
from typing import Any


def needed(module: str, extra: str, work: str) -> Any:
    """A module of a package that is not installed with Chainrule itself.

    Parameters:
        extra: Chainrule's extra that installs it.
        work: what cannot be done without it, for the message.

    Raises:
        ModuleNotFoundError: it is not installed; the message has the command that installs it.

    >>> needed("no_such_package", "onnx", "to_onnx()")
    Traceback (most recent call last):
    ...
    ModuleNotFoundError: to_onnx() needs no_such_package, which is not installed: pip install ...
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if (error.name or "").partition(".")[0] != package:
            raise  # It is there, and something that it needs is not.
        raise ModuleNotFoundError(
            f"{work} needs {package}, which is not installed: pip install 'chainrule[{extra}]'",
            name=package,
        ) from error

"""Contents: the public names of a package, imported when they are asked for.

The imports in the package's `__init__.py` stand under `if TYPE_CHECKING:`, where type checkers
read them and Python does not run them. They are read here when the first name is asked for; so
`import nn` takes hardly longer than `import numpy`, however much there is in it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any


def on_demand(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a package (PEP 562): its public names, and also its modules.

    Of a name that it does not have, its `settings.habits.elsewhere` says what does the same here.

    >>> import nn
    >>> nn.MLP is nn.mlp.MLP
    True
    """

    @cache
    def homes() -> dict[str, str]:
        return _homes(sys.modules[package])

    def get(name: str) -> Any:
        module = sys.modules[package]
        home = homes().get(name, package)
        found = _submodule(package, name) if home == package else getattr(import_module(home), name)
        if found is None:
            elsewhere = import_module(f"{package}.settings.habits").elsewhere
            message = f"module {package!r} has no attribute {name!r}{elsewhere(name)}"
            raise AttributeError(message, name=name, obj=module)  # so that Python can suggest one
        setattr(module, name, found)  # next time it is found without this function
        return found

    return get, lambda: sorted(homes())


def _homes(package: ModuleType) -> dict[str, str]:
    """For each name that the package imports for type checkers the module that it is from."""
    loader: Any = package.__spec__ and package.__spec__.loader
    found = {}
    for block in ast.parse(loader.get_source(package.__name__)).body:
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING":
            for line in block.body:
                if isinstance(line, ast.ImportFrom):
                    found.update({alias.name: str(line.module) for alias in line.names})
    return found


def _submodule(package: str, name: str) -> ModuleType | None:
    """The module of that name in the package, if there is one."""
    if name.startswith("_"):
        return None
    try:
        return import_module(f"{package}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{package}.{name}":
            raise
        return None

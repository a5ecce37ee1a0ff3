"""Other distributions have packages named `autograd`, `nn` or `viz`: say so if one met ours.

All of our packages import this file before anything else. Of two packages that share a folder,
the one installed last has overwritten the other's `__init__.py`, and takes it along when it is
removed. What then runs instead of an `__init__.py` of ours says nothing, but the other two do.
"""

from __future__ import annotations

import os
import warnings

_site = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# By these files a folder is known as Chainrule's, and by this one that another is in it as well.
_OURS = {"autograd": "installation.py", "nn": "neuron.py", "viz": "drawing.py"}
_ANOTHERS = "differential_operators.py"


def check() -> None:
    """Raise an ImportError if the engine is not whole; warn of all else."""
    if damage := _damage("autograd"):
        raise ImportError(damage)
    if os.path.exists(os.path.join(_site, "autograd", _ANOTHERS)):
        _warn(
            f"the folder {os.path.join(_site, 'autograd')} holds two packages named autograd: "
            f"Chainrule's, and that of the distribution 'autograd'. {_way_out('autograd')}"
        )
    for name in ("nn", "viz"):
        if damage := _damage(name):
            _warn(damage)


def _damage(name: str) -> str:
    """What has happened to a package of ours, in one sentence; "" if it is whole."""
    folder = os.path.join(_site, name)
    if not os.path.exists(os.path.join(folder, _OURS[name])):
        return ""  # It is elsewhere: in an archive, or in a folder of its own.
    try:
        with open(os.path.join(folder, "__init__.py"), "rb") as file:
            ours = b"Chainrule" in file.read()
    except FileNotFoundError:
        ours = False
    if ours:
        return ""
    return (
        f"the folder {folder} holds only a part of Chainrule's package {name}: another "
        f"distribution's package {name} has overwritten or removed the rest. {_way_out(name)}"
    )


def _way_out(name: str) -> str:
    return (
        f"Remove the other one (pip uninstall {name}) and install Chainrule anew (in its clone: "
        "pip install --force-reinstall .), or give each an environment of its own."
    )


def _warn(message: str) -> None:
    warnings.warn(message, RuntimeWarning, stacklevel=4)


check()

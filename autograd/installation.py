"""Another distribution has a package named `autograd` too; say so when they share a folder."""

from __future__ import annotations

import os
import sys
import warnings

_folder = os.path.dirname(__file__)
_message = (
    f"the folder {_folder} holds two packages named autograd: Chainrule's, and that of the "
    "distribution 'autograd'. Remove that one (pip uninstall autograd, then pip install "
    "--force-reinstall chainrule), or give each an environment of its own."
)

if sys.flags.optimize < 2 and "Chainrule" not in (sys.modules["autograd"].__doc__ or ""):
    raise ImportError(_message)  # The other's __init__.py has overwritten ours.
# A module of the other's; ours has no such file.
if os.path.exists(os.path.join(_folder, "tracer.py")):
    warnings.warn(_message, RuntimeWarning, stacklevel=2)

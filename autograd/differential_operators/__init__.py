"""Not Chainrule's: the `autograd/__init__.py` of another distribution imports a file of this name.

Where it has overwritten ours, `import autograd` runs nothing of Chainrule's but this, because a
folder goes before a file of the same name. It says what has happened, and then is that file.
"""

import os
import sys
import warnings
from importlib.util import module_from_spec, spec_from_file_location

try:
    from autograd import installation as installation
except ImportError as damage:
    warnings.warn(str(damage), RuntimeWarning, stacklevel=3)

_file = f"{os.path.dirname(os.path.abspath(__file__))}.py"
if os.path.exists(_file) and (_spec := spec_from_file_location(__name__, _file)) and _spec.loader:
    _theirs = sys.modules[__name__] = module_from_spec(_spec)
    _spec.loader.exec_module(_theirs)

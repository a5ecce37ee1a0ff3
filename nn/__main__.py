"""`python -m nn` is `chainrule`, for a Python whose scripts are not on the PATH."""

import sys

from nn.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
